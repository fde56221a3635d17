package org.millrace.jetty.handshake.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyConverter;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.security.Key;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.millrace.jetty.config.AuthConfig;

/**
 * Checks JSON Web Tokens. They have to be signed by one of our keys with an algorithm that fits its
 * type, so that neither {@code none} nor a public key taken for a secret gets by, and to expire.
 */
final class Tokens {
  private final String identityClaim;
  private final List<JWK> keys;
  private final DefaultJWTProcessor<SecurityContext> processor;

  /**
   * Reads the keys.
   *
   * @throws IllegalArgumentException if there is none, or one cannot be read.
   */
  Tokens(AuthConfig.Tokens config, InstantSource clock) {
    identityClaim = config.identityClaim();
    keys = TokenKeys.read(config);
    processor = new DefaultJWTProcessor<>();
    processor.setJWSKeySelector((header, context) -> candidates(header));
    processor.setJWTClaimsSetVerifier(verifier(config, clock));
  }

  private static DefaultJWTClaimsVerifier<SecurityContext> verifier(
      AuthConfig.Tokens config, InstantSource clock) {
    final JWTClaimsSet.Builder exact = new JWTClaimsSet.Builder();
    config.issuer().ifPresent(exact::issuer);
    final DefaultJWTClaimsVerifier<SecurityContext> verifier =
        new DefaultJWTClaimsVerifier<>(
            config.audience().map(Collections::singleton).orElse(null),
            exact.build(),
            Set.of(config.identityClaim(), "exp"),
            Set.of()) {
          @Override
          protected Date currentTime() {
            return Date.from(clock.instant());
          }
        };
    verifier.setMaxClockSkew((int) config.leeway().toSeconds());
    return verifier;
  }

  private List<Key> candidates(JWSHeader header) {
    final List<JWK> fitting = keys.stream().filter(key -> fits(key, header)).toList();
    return KeyConverter.toJavaKeys(fitting);
  }

  private static boolean fits(JWK key, JWSHeader header) {
    final JWSAlgorithm algorithm = header.getAlgorithm();
    final boolean id =
        key.getKeyID() == null
            || header.getKeyID() == null
            || key.getKeyID().equals(header.getKeyID());
    if (!id || !key.getKeyType().equals(KeyType.forAlgorithm(algorithm))) {
      return false;
    }
    return !(key instanceof ECKey ec) || Curve.forJWSAlgorithm(algorithm).contains(ec.getCurve());
  }

  /** Whom a token names; empty if it is not valid. */
  Optional<String> identity(String token) {
    try {
      final JWTClaimsSet claims = processor.process(SignedJWT.parse(token), null);
      return Optional.ofNullable(claims.getClaim(identityClaim))
          .filter(String.class::isInstance)
          .map(String.class::cast)
          .filter(identity -> !identity.isEmpty());
    } catch (ParseException | BadJOSEException | JOSEException e) {
      return Optional.empty();
    }
  }
}
