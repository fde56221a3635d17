package org.millrace.engine.sip;

import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * Base64url without padding (RFC 4648 section 5), which URI users and Via tokens may hold alike.
 */
final class Base64Url {
  private static final byte[] DIGITS =
      Octets.ascii("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
  private static final byte[] VALUES = new byte[256];

  static {
    Arrays.fill(VALUES, (byte) -1);
    for (int i = 0; i < DIGITS.length; i++) {
      VALUES[DIGITS[i]] = (byte) i;
    }
  }

  private Base64Url() {}

  /**
   * Writes bytes as text.
   *
   * @param length a multiple of 3.
   * @param text gets {@code length / 3 * 4} bytes.
   */
  static void encode(byte[] bytes, int length, byte[] text) {
    int at = 0;
    for (int i = 0; i < length; i += 3) {
      final int three =
          ((bytes[i] & 0xFF) << 16) | ((bytes[i + 1] & 0xFF) << 8) | (bytes[i + 2] & 0xFF);
      text[at++] = DIGITS[three >>> 18];
      text[at++] = DIGITS[(three >>> 12) & 0x3F];
      text[at++] = DIGITS[(three >>> 6) & 0x3F];
      text[at++] = DIGITS[three & 0x3F];
    }
  }

  /**
   * Reads text into bytes.
   *
   * @param length a multiple of 4.
   * @param bytes gets {@code length / 4 * 3} bytes.
   * @return whether the text is base64url.
   */
  static boolean decode(DirectBuffer text, int offset, int length, byte[] bytes) {
    int at = 0;
    for (int i = offset; i < offset + length; i += 4) {
      final int a = value(text, i);
      final int b = value(text, i + 1);
      final int c = value(text, i + 2);
      final int d = value(text, i + 3);
      if ((a | b | c | d) < 0) {
        return false;
      }
      final int three = (a << 18) | (b << 12) | (c << 6) | d;
      bytes[at++] = (byte) (three >>> 16);
      bytes[at++] = (byte) (three >>> 8);
      bytes[at++] = (byte) three;
    }
    return true;
  }

  private static int value(DirectBuffer text, int at) {
    return VALUES[text.getByte(at) & 0xFF];
  }
}
