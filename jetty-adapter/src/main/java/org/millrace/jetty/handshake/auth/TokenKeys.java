package org.millrace.jetty.handshake.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import org.millrace.jetty.config.AuthConfig;

/** Reads the keys that tokens are checked with. */
final class TokenKeys {
  private static final int LEAST_SECRET = 32;

  private TokenKeys() {}

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException if there is none, or one cannot be read; no message holds key
   *     material.
   */
  static List<JWK> read(AuthConfig.Tokens config) {
    final List<JWK> keys = new ArrayList<>();
    config.hmacSecret().ifPresent(secret -> keys.add(secret(secret)));
    config.publicKeys().forEach(file -> keys.addAll(file(file)));
    if (keys.isEmpty()) {
      throw new IllegalArgumentException(
          "bearer tokens need a key to check them with: give hmac-secret or public-keys");
    }
    return List.copyOf(keys);
  }

  private static JWK secret(String secret) {
    final byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    if (bytes.length < LEAST_SECRET) {
      throw new IllegalArgumentException(
          "hmac-secret: "
              + bytes.length
              + " bytes are too few; HS256 needs at least "
              + LEAST_SECRET);
    }
    return new OctetSequenceKey.Builder(bytes).build();
  }

  private static List<JWK> file(Path file) {
    final String text;
    try {
      text = Files.readString(file).strip();
    } catch (IOException e) {
      throw new IllegalArgumentException(file + ": cannot be read: " + e, e);
    }
    return text.startsWith("{") ? json(file, text) : pem(file, text);
  }

  private static List<JWK> json(Path file, String text) {
    final List<JWK> keys;
    try {
      keys = text.contains("\"keys\"") ? JWKSet.parse(text).getKeys() : List.of(JWK.parse(text));
    } catch (ParseException e) {
      throw new IllegalArgumentException(file + ": not a JSON Web Key, nor a set of them");
    }
    if (keys.stream().anyMatch(OctetSequenceKey.class::isInstance)) {
      throw new IllegalArgumentException(file + ": holds a secret; only public keys belong here");
    }
    return keys.stream().map(JWK::toPublicJWK).toList();
  }

  private static List<JWK> pem(Path file, String text) {
    try {
      return List.of(JWK.parseFromPEMEncodedObjects(text).toPublicJWK());
    } catch (JOSEException e) {
      throw new IllegalArgumentException(
          file + ": no public key or certificate in PEM, RSA or EC", e);
    }
  }
}
