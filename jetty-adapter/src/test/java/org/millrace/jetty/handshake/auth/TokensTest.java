package org.millrace.jetty.handshake.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.millrace.jetty.handshake.auth.TestRequests.config;
import static org.millrace.jetty.handshake.auth.TestRequests.request;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.jetty.config.AuthConfig;
import org.millrace.jetty.config.AuthConfig.Scheme;
import org.millrace.jetty.handshake.RequestHead;
import org.millrace.jetty.handshake.auth.Authenticator.Outcome;
import org.millrace.jetty.handshake.auth.Authenticator.Verdict;

/** Bearer tokens: HS256, RS256, ES256, and what must not get by. */
class TokensTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final Instant NOW = Instant.parse("2026-11-23T03:00:00Z");

  private static RSAKey rsa;
  private static ECKey ec;
  private static Path rsaFile;
  private static Path keysFile;

  @BeforeAll
  static void makeKeys(@TempDir Path directory) throws JOSEException, IOException {
    rsa = new RSAKeyGenerator(2048).generate();
    ec = new ECKeyGenerator(Curve.P_256).keyID("ec").generate();
    rsaFile =
        Files.writeString(
            directory.resolve("rsa.pem"),
            "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(rsa.toPublicKey().getEncoded())
                + "\n-----END PUBLIC KEY-----\n");
    keysFile =
        Files.writeString(directory.resolve("keys.json"), new JWKSet(ec.toPublicJWK()).toString());
    authenticator = authenticator(Optional.of(SECRET), List.of(rsaFile, keysFile));
  }

  private static Authenticator authenticator;

  private static Authenticator authenticator(Optional<String> secret, List<Path> files) {
    final AuthConfig.Tokens tokens =
        new AuthConfig.Tokens(
            secret,
            files,
            Optional.of("issuer"),
            Optional.of("edge"),
            "sub",
            Duration.ofSeconds(30));
    return Authenticator.of(
        config(Set.of(Scheme.BEARER), tokens, Set.of()), InstantSource.fixed(NOW));
  }

  private static JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .subject("alice")
        .issuer("issuer")
        .audience("edge")
        .expirationTime(Date.from(NOW.plusSeconds(60)));
  }

  private static String signed(JWSAlgorithm algorithm, JWSSigner signer, JWTClaimsSet claims) {
    try {
      final SignedJWT token = new SignedJWT(new JWSHeader(algorithm), claims);
      token.sign(signer);
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String hs256(JWTClaimsSet.Builder claims) throws JOSEException {
    return signed(JWSAlgorithm.HS256, new MACSigner(SECRET), claims.build());
  }

  private static Outcome bearing(String token) {
    return authenticate(request("authorization", "Bearer " + token));
  }

  private static Outcome authenticate(RequestHead request) {
    return authenticator.authenticate(request, List.of());
  }

  private static void assertPassed(Outcome outcome) {
    assertThat(outcome.verdict()).isEqualTo(Verdict.PASSED);
    assertThat(outcome.identity()).contains("alice");
  }

  @Test
  void eachAlgorithmWithItsKey() throws JOSEException {
    final JWTClaimsSet claims = claims().build();
    assertPassed(bearing(hs256(claims())));
    assertPassed(bearing(signed(JWSAlgorithm.RS256, new RSASSASigner(rsa), claims)));
    assertPassed(bearing(signed(JWSAlgorithm.PS256, new RSASSASigner(rsa), claims)));
    assertPassed(bearing(signed(JWSAlgorithm.ES256, new ECDSASigner(ec), claims)));
  }

  @Test
  void unsignedAndConfusedTokensAreRefused() throws JOSEException, IOException {
    assertThat(bearing(new PlainJWT(claims().build()).serialize()).verdict())
        .isEqualTo(Verdict.INVALID);
    final MACSigner publicKeyAsSecret = new MACSigner(Files.readAllBytes(rsaFile));
    final String confused = signed(JWSAlgorithm.HS256, publicKeyAsSecret, claims().build());
    assertThat(bearing(confused).verdict()).isEqualTo(Verdict.INVALID);
    final String good = hs256(claims());
    final String stripped = good.substring(0, good.lastIndexOf('.') + 1);
    assertThat(bearing(stripped).verdict()).isEqualTo(Verdict.INVALID);
    for (String nonsense : List.of("", "a", "a.b.c", "....", good + "x")) {
      assertThat(bearing(nonsense).verdict()).isNotEqualTo(Verdict.PASSED);
    }
    assertThat(bearing("a.b.c").challenges()).containsExactly("Bearer realm=\"edge.example.com\"");
  }

  @Test
  void garbledTokensAreRefusedWithoutAnException() throws JOSEException {
    final Random random = new Random(6455);
    final String good = hs256(claims());
    for (int i = 0; i < 5_000; i++) {
      final StringBuilder token = new StringBuilder(good);
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        token.setCharAt(random.nextInt(token.length()), (char) (' ' + random.nextInt(95)));
      }
      assertThat(bearing(token.toString()).verdict()).isNotNull();
    }
    for (String header :
        List.of(
            "[".repeat(5_000),
            "{\"alg\":\"XX999\"}",
            "{\"alg\":null}",
            "{\"alg\":7}",
            "{}",
            "{\"alg\":\"HS256\",\"crit\":[\"b64\"],\"b64\":false}",
            "{\"alg\":\"ES256\",\"jwk\":{}}")) {
      final String encoded =
          Base64.getUrlEncoder().withoutPadding().encodeToString(header.getBytes(UTF_8));
      assertThat(bearing(encoded + good.substring(good.indexOf('.'))).verdict())
          .as(header)
          .isEqualTo(Verdict.INVALID);
    }
  }

  @Test
  void timesCountWithLeeway() throws JOSEException {
    assertPassed(bearing(hs256(claims().expirationTime(Date.from(NOW.minusSeconds(20))))));
    assertThat(bearing(hs256(claims().expirationTime(Date.from(NOW.minusSeconds(40))))).verdict())
        .isEqualTo(Verdict.INVALID);
    assertPassed(bearing(hs256(claims().notBeforeTime(Date.from(NOW.plusSeconds(20))))));
    assertThat(bearing(hs256(claims().notBeforeTime(Date.from(NOW.plusSeconds(40))))).verdict())
        .isEqualTo(Verdict.INVALID);
    assertThat(bearing(hs256(claims().expirationTime(null))).verdict())
        .as("a token that never expires")
        .isEqualTo(Verdict.INVALID);
  }

  @Test
  void issuerAudienceAndIdentityHaveToBeThere() throws JOSEException {
    assertThat(bearing(hs256(claims().issuer("other"))).verdict()).isEqualTo(Verdict.INVALID);
    assertThat(bearing(hs256(claims().audience("other"))).verdict()).isEqualTo(Verdict.INVALID);
    assertThat(bearing(hs256(claims().subject(null))).verdict()).isEqualTo(Verdict.INVALID);
    assertThat(bearing(hs256(claims().claim("sub", ""))).verdict()).isEqualTo(Verdict.INVALID);
  }

  @Test
  void queryAndCookieCarryItToo() throws JOSEException {
    final String token = hs256(claims());
    assertPassed(authenticate(request(Optional.of("a=b&token=" + token))));
    assertPassed(authenticate(request("cookie", "a=b; session=" + token)));
    assertPassed(authenticate(request("cookie", "session=\"" + token + "\"")));
    assertThat(authenticate(request(Optional.of("xtoken=" + token))).verdict())
        .isEqualTo(Verdict.MISSING);
  }

  @Test
  void hs26UnknownSessionIsTold() {
    assertThat(authenticate(request("cookie", "session=gone")).verdict())
        .isEqualTo(Verdict.SESSION_UNKNOWN);
  }

  @Test
  void keysThatCannotServeAreToldAtStart(@TempDir Path directory) throws IOException {
    final Path nonsense = Files.writeString(directory.resolve("n.pem"), "no key");
    final Path secret =
        Files.writeString(directory.resolve("s.json"), "{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}");
    assertThatThrownBy(() -> authenticator(Optional.empty(), List.of()))
        .hasMessageContaining("need a key");
    assertThatThrownBy(() -> authenticator(Optional.of("short"), List.of()))
        .hasMessageContaining("5 bytes are too few")
        .hasMessageNotContaining("short");
    assertThatThrownBy(() -> authenticator(Optional.empty(), List.of(nonsense)))
        .hasMessageContaining("n.pem");
    assertThatThrownBy(() -> authenticator(Optional.empty(), List.of(secret)))
        .hasMessageContaining("only public keys");
    assertThatThrownBy(
            () -> authenticator(Optional.empty(), List.of(directory.resolve("absent.pem"))))
        .hasMessageContaining("absent.pem");
  }
}
