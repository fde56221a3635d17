package org.millrace.engine.sip;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;

/** Hashes of SIP Digest (RFC 8760). */
public enum DigestAlgorithm {
  MD5("MD5", "MD5"),
  SHA_256("SHA-256", "SHA-256");

  private final String token;
  private final String javaName;

  @SuppressWarnings("ImmutableEnumChecker") // never written
  private final byte[] lowerToken;

  DigestAlgorithm(String token, String javaName) {
    this.token = token;
    this.javaName = javaName;
    lowerToken = Octets.ascii(token.toLowerCase(Locale.ROOT));
  }

  /** As in a header field. */
  public String token() {
    return token;
  }

  byte[] lowerToken() {
    return lowerToken;
  }

  MessageDigest digest() {
    try {
      return MessageDigest.getInstance(javaName);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + javaName, e);
    }
  }
}
