package org.millrace.jetty.handshake;

/** The test of the handshake's key. */
final class SecWebSocketKey {
  /** Sixteen bytes in base64: 22 characters and two of padding. */
  private static final int LENGTH = 24;

  private SecWebSocketKey() {}

  /**
   * Whether this trimmed value encodes 16 bytes. Bits of the last character that belong to no byte
   * may be set: RFC 6455 has such a sample, and some clients choose 22 characters at random.
   */
  static boolean isValid(String key) {
    if (key.length() != LENGTH || !key.endsWith("==")) {
      return false;
    }
    for (int i = 0; i < LENGTH - 2; i++) {
      if (!isBase64(key.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isBase64(char c) {
    return (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || c == '+'
        || c == '/';
  }
}
