package org.millrace.engine.sip;

import java.util.Arrays;

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

  /** Characters for so many bytes. */
  static int lengthOf(int bytes) {
    return (bytes * 4 + 2) / 3;
  }

  /**
   * Writes bytes as text.
   *
   * @param text gets {@link #lengthOf} bytes.
   */
  static void encode(byte[] bytes, int length, byte[] text) {
    int at = 0;
    int i = 0;
    for (; i + 2 < length; i += 3) {
      final int three =
          ((bytes[i] & 0xFF) << 16) | ((bytes[i + 1] & 0xFF) << 8) | (bytes[i + 2] & 0xFF);
      text[at++] = DIGITS[three >>> 18];
      text[at++] = DIGITS[(three >>> 12) & 0x3F];
      text[at++] = DIGITS[(three >>> 6) & 0x3F];
      text[at++] = DIGITS[three & 0x3F];
    }
    if (i < length) {
      final int two = ((bytes[i] & 0xFF) << 8) | (i + 1 < length ? bytes[i + 1] & 0xFF : 0);
      text[at++] = DIGITS[two >>> 10];
      text[at++] = DIGITS[(two >>> 4) & 0x3F];
      if (i + 1 < length) {
        text[at] = DIGITS[(two << 2) & 0x3F];
      }
    }
  }

  /**
   * Reads text into bytes.
   *
   * @param bytes gets as many as {@link #lengthOf} makes the text of.
   * @return whether the text is what {@link #encode} writes.
   */
  static boolean decode(byte[] text, int offset, int length, byte[] bytes) {
    final int whole = offset + (length & ~3);
    int at = 0;
    for (int i = offset; i < whole; i += 4) {
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
    return switch (length & 3) {
      case 0 -> true;
      case 1 -> false;
      default -> decodeRest(text, whole, length & 3, bytes, at);
    };
  }

  /** One byte in two characters or two in three; bits that mean nothing must be 0. */
  private static boolean decodeRest(byte[] text, int from, int count, byte[] bytes, int at) {
    final int a = value(text, from);
    final int b = value(text, from + 1);
    final int c = count == 3 ? value(text, from + 2) : 0;
    if ((a | b | c) < 0) {
      return false;
    }
    final int bits = (a << 12) | (b << 6) | c;
    bytes[at] = (byte) (bits >>> 10);
    if (count == 3) {
      bytes[at + 1] = (byte) (bits >>> 2);
      return (bits & 0x3) == 0;
    }
    return (bits & 0x3FF) == 0;
  }

  private static int value(byte[] text, int at) {
    return VALUES[text[at] & 0xFF];
  }
}
