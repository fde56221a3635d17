package org.millrace.engine.sip;

import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;

/** Reading of header text as bytes. Ranges are {@code [from, to)} in the message's buffer. */
final class Octets {
  private static final boolean[] TOKEN = new boolean[256];

  static {
    final String others = "-.!%*_+`'~";
    for (int i = 0; i < 128; i++) {
      TOKEN[i] =
          (i >= '0' && i <= '9')
              || (i >= 'A' && i <= 'Z')
              || (i >= 'a' && i <= 'z')
              || others.indexOf(i) >= 0;
    }
  }

  private Octets() {}

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Whether the byte may be in a token (RFC 3261 section 25.1). */
  static boolean isToken(byte b) {
    return TOKEN[b & 0xFF];
  }

  static boolean isToken(DirectBuffer buffer, int from, int to) {
    for (int i = from; i < to; i++) {
      if (!isToken(buffer.getByte(i))) {
        return false;
      }
    }
    return to > from;
  }

  /** Space as it can be within a folded header value, whose line ends are known to be CRLFs. */
  static boolean isSpace(byte b) {
    return b == ' ' || b == '\t' || b == '\r' || b == '\n';
  }

  static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  static byte lower(byte b) {
    return b >= 'A' && b <= 'Z' ? (byte) (b + ('a' - 'A')) : b;
  }

  static int skipSpace(DirectBuffer buffer, int from, int to) {
    int at = from;
    while (at < to && isSpace(buffer.getByte(at))) {
      at++;
    }
    return at;
  }

  static int trimEnd(DirectBuffer buffer, int from, int to) {
    int end = to;
    while (end > from && isSpace(buffer.getByte(end - 1))) {
      end--;
    }
    return end;
  }

  /**
   * The end of a quoted string.
   *
   * @param from at its opening quote.
   * @return behind its closing quote, or -1 if there is none.
   */
  static int skipQuoted(DirectBuffer buffer, int from, int to) {
    for (int at = from + 1; at < to; at++) {
      final byte b = buffer.getByte(at);
      if (b == '\\') {
        at++;
      } else if (b == '"') {
        return at + 1;
      }
    }
    return -1;
  }

  static boolean equal(DirectBuffer buffer, int from, int length, byte[] expected) {
    if (length != expected.length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (buffer.getByte(from + i) != expected[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * As {@link #equal}, in any case.
   *
   * @param lower in lower case.
   */
  static boolean equalIgnoringCase(DirectBuffer buffer, int from, int length, byte[] lower) {
    if (length != lower.length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (lower(buffer.getByte(from + i)) != lower[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * A number of digits only.
   *
   * @return -1 if the range is empty, holds anything else, or a value above {@code most}.
   */
  static long decimal(DirectBuffer buffer, int from, int to, long most) {
    if (from >= to) {
      return -1;
    }
    long value = 0;
    for (int i = from; i < to; i++) {
      final byte b = buffer.getByte(i);
      if (!isDigit(b)) {
        return -1;
      }
      value = value * 10 + (b - '0');
      if (value > most) {
        return -1;
      }
    }
    return value;
  }

  /** The value of a hexadecimal digit, or -1. */
  static int hex(byte b) {
    final byte lower = lower(b);
    if (isDigit(lower)) {
      return lower - '0';
    }
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }

  static byte[] copy(DirectBuffer buffer, int from, int to) {
    final byte[] copy = new byte[to - from];
    buffer.getBytes(from, copy);
    return copy;
  }
}
