package org.millrace.engine.sip;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reading of header text as bytes. Ranges are {@code [from, to)} in the message's buffer. */
final class Octets {
  private static final int TOKEN = 1;
  private static final int SPACE = 2;
  private static final int URI_TEXT = 4;
  private static final int PARAM_TEXT = 8;
  private static final int ADDRESS_TEXT = 16;
  private static final byte[] KINDS = new byte[256];

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** More than CR, which is the last of those that matter. */
  private static final long EVERY_LIMIT = 0x0E0E_0E0E_0E0E_0E0EL;

  private static final long EVERY_COLON = 0x3A3A_3A3A_3A3A_3A3AL;
  private static final long EVERY_LOW_BIT = 0x0101_0101_0101_0101L;
  private static final long EVERY_HIGH_BIT = 0x8080_8080_8080_8080L;

  static {
    for (int i = 0; i < KINDS.length; i++) {
      final boolean space = i == ' ' || i == '\t' || i == '\r' || i == '\n';
      final boolean token =
          (i >= '0' && i <= '9')
              || (i >= 'A' && i <= 'Z')
              || (i >= 'a' && i <= 'z')
              || (i > 0 && "-.!%*_+`'~".indexOf(i) >= 0);
      final boolean uri = i > ' ' && i != 0x7F && i != '<' && i != '>' && i != '"';
      final boolean address = !space && i != '<' && i != '>' && i != '"';
      final boolean param = !space && i != ';' && i != ',' && i != '"';
      KINDS[i] =
          (byte)
              ((token ? TOKEN : 0)
                  | (space ? SPACE : 0)
                  | (uri ? URI_TEXT : 0)
                  | (param ? PARAM_TEXT : 0)
                  | (address ? ADDRESS_TEXT : 0));
    }
  }

  private Octets() {}

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Whether the byte may be in a token (RFC 3261 section 25.1). */
  static boolean isToken(byte b) {
    return (KINDS[b & 0xFF] & TOKEN) != 0;
  }

  static boolean isToken(byte[] buffer, int from, int to) {
    for (int i = from; i < to; i++) {
      if (!isToken(buffer[i])) {
        return false;
      }
    }
    return to > from;
  }

  /** Space as it can be within a folded header value, whose line ends are known to be CRLFs. */
  static boolean isSpace(byte b) {
    return (KINDS[b & 0xFF] & SPACE) != 0;
  }

  /** Whether the byte may be in a Request-URI, which nothing sets off but space. */
  static boolean isUriText(byte b) {
    return (KINDS[b & 0xFF] & URI_TEXT) != 0;
  }

  /** Whether the byte may be in a URI between angle brackets. */
  static boolean isAddressText(byte b) {
    return (KINDS[b & 0xFF] & ADDRESS_TEXT) != 0;
  }

  /** Whether the byte may be in the value of a parameter that is not quoted. */
  static boolean isParamText(byte b) {
    return (KINDS[b & 0xFF] & PARAM_TEXT) != 0;
  }

  /** Eight bytes as a number, the first its lowest. */
  static long eight(byte[] buffer, int from) {
    return (long) LONGS.get(buffer, from);
  }

  /** Where the first byte from 0 to CR is, so that a line may end there; {@code to} if nowhere. */
  static int nextControl(byte[] buffer, int from, int to) {
    int at = from;
    while (at <= to - Long.BYTES) {
      final long eight = eight(buffer, at);
      final long below = (eight - EVERY_LIMIT) & ~eight & EVERY_HIGH_BIT;
      if (below != 0) {
        return at + Long.numberOfTrailingZeros(below) / Byte.SIZE;
      }
      at += Long.BYTES;
    }
    while (at < to && (buffer[at] & 0xFF) > '\r') {
      at++;
    }
    return at;
  }

  /** Where the first colon is; {@code to} if nowhere. Eight bytes or more follow that. */
  static int nextColon(byte[] buffer, int from, int to) {
    for (int at = from; at < to; at += Long.BYTES) {
      final long zeroWhereColon = eight(buffer, at) ^ EVERY_COLON;
      final long found = (zeroWhereColon - EVERY_LOW_BIT) & ~zeroWhereColon & EVERY_HIGH_BIT;
      if (found != 0) {
        return Math.min(to, at + Long.numberOfTrailingZeros(found) / Byte.SIZE);
      }
    }
    return to;
  }

  static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  static byte lower(byte b) {
    return b >= 'A' && b <= 'Z' ? (byte) (b + ('a' - 'A')) : b;
  }

  static int skipSpace(byte[] buffer, int from, int to) {
    int at = from;
    while (at < to && buffer[at] <= ' ' && isSpace(buffer[at])) {
      at++;
    }
    return at;
  }

  static int trimEnd(byte[] buffer, int from, int to) {
    int end = to;
    while (end > from && isSpace(buffer[end - 1])) {
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
  static int skipQuoted(byte[] buffer, int from, int to) {
    for (int at = from + 1; at < to; at++) {
      final byte b = buffer[at];
      if (b == '\\') {
        at++;
      } else if (b == '"') {
        return at + 1;
      }
    }
    return -1;
  }

  static boolean equal(byte[] buffer, int from, int length, byte[] expected) {
    if (length != expected.length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (buffer[from + i] != expected[i]) {
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
  static boolean equalIgnoringCase(byte[] buffer, int from, int length, byte[] lower) {
    if (length != lower.length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (lower(buffer[from + i]) != lower[i]) {
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
  static long decimal(byte[] buffer, int from, int to, long most) {
    if (from >= to) {
      return -1;
    }
    long value = 0;
    for (int i = from; i < to; i++) {
      final byte b = buffer[i];
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

  static byte[] copy(byte[] buffer, int from, int to) {
    return Arrays.copyOfRange(buffer, from, to);
  }
}
