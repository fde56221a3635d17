package org.millrace.engine.sip;

/** IP addresses as text, without allocating (RFC 5952 for IPv6, without brackets). */
final class AddressText {
  /** Most characters. */
  static final int LONGEST = 39;

  private static final byte[] HEX = Octets.ascii("0123456789abcdef");
  private static final int GROUPS = 8;

  private AddressText() {}

  /**
   * Writes an address.
   *
   * @param length of the address: 4 or 16 bytes.
   * @return how many characters there are.
   */
  static int write(byte[] address, int length, byte[] text) {
    return length == 4 ? v4(address, text) : v6(address, text);
  }

  private static int v4(byte[] address, byte[] text) {
    int at = 0;
    for (int i = 0; i < 4; i++) {
      if (i > 0) {
        text[at++] = '.';
      }
      final int value = address[i] & 0xFF;
      if (value >= 100) {
        text[at++] = HEX[value / 100];
      }
      if (value >= 10) {
        text[at++] = HEX[value / 10 % 10];
      }
      text[at++] = HEX[value % 10];
    }
    return at;
  }

  private static int v6(byte[] address, byte[] text) {
    int gap = -1;
    int gapLength = 1; // a single group of zeros is not left out
    for (int i = 0; i < GROUPS; i++) {
      final int zeros = zeros(address, i);
      if (zeros > gapLength) {
        gap = i;
        gapLength = zeros;
      }
    }
    int at = 0;
    for (int i = 0; i < GROUPS; i++) {
      if (i == gap) {
        text[at++] = ':';
        text[at++] = ':';
        i += gapLength - 1;
      } else {
        if (i > 0 && text[at - 1] != ':') {
          text[at++] = ':';
        }
        at = hex(group(address, i), text, at);
      }
    }
    return at;
  }

  private static int zeros(byte[] address, int from) {
    int group = from;
    while (group < GROUPS && group(address, group) == 0) {
      group++;
    }
    return group - from;
  }

  private static int group(byte[] address, int index) {
    return ((address[2 * index] & 0xFF) << 8) | (address[2 * index + 1] & 0xFF);
  }

  private static int hex(int value, byte[] text, int from) {
    int at = from;
    for (int shift = 12; shift >= 0; shift -= 4) {
      if (shift == 0 || value >>> shift != 0) {
        text[at++] = HEX[(value >>> shift) & 0xF];
      }
    }
    return at;
  }
}
