package org.millrace.engine.sip;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;

/**
 * An IP address read from digits, without ever looking a name up. IPv4 addresses are held as IPv6
 * ones that map them, so that two addresses are equal when both numbers are. To be used again, by
 * one thread at a time.
 */
final class IpLiteral {
  private static final int GROUPS = 8;
  private static final long MAPPED = 0xFFFF_0000_0000L;

  private final int[] groups = new int[GROUPS];
  private int count;
  private long high;
  private long low;

  IpLiteral set(InetAddress address) {
    return set(address.getAddress());
  }

  /**
   * @param raw 4 or 16 bytes, the first of an array that may be longer.
   */
  IpLiteral set(byte[] raw) {
    return set(raw, raw.length);
  }

  IpLiteral set(byte[] raw, int length) {
    if (length == 4) {
      high = 0;
      low = MAPPED | number(raw, 0, 4);
    } else {
      high = number(raw, 0, 8);
      low = number(raw, 8, 8);
    }
    return this;
  }

  private static long number(byte[] bytes, int from, int length) {
    long value = 0;
    for (int i = from; i < from + length; i++) {
      value = (value << 8) | (bytes[i] & 0xFF);
    }
    return value;
  }

  /**
   * Reads an address: IPv4 in four decimal numbers without leading zeros, IPv6 with or without
   * brackets, without a zone.
   *
   * @return whether it is one.
   */
  boolean parse(byte[] buffer, int offset, int length) {
    int at = offset;
    int end = offset + length;
    if (length == 0) {
      return false;
    }
    if (buffer[at] == '[') {
      if (buffer[end - 1] != ']') {
        return false;
      }
      at++;
      end--;
      return v6(buffer, at, end);
    }
    final long v4 = v4(buffer, at, end);
    if (v4 >= 0) {
      high = 0;
      low = MAPPED | v4;
      return true;
    }
    return v6(buffer, at, end);
  }

  /** The four bytes, or -1. */
  private static long v4(byte[] buffer, int from, int end) {
    long value = 0;
    int at = from;
    for (int i = 0; i < 4; i++) {
      if (i > 0 && (at == end || buffer[at++] != '.')) {
        return -1;
      }
      final int digits = at;
      while (at < end && Octets.isDigit(buffer[at])) {
        at++;
      }
      final long number = Octets.decimal(buffer, digits, at, 255);
      if (number < 0 || (at - digits > 1 && buffer[digits] == '0')) {
        return -1; // a leading zero is octal to some and decimal to others
      }
      value = (value << 8) | number;
    }
    return at == end ? value : -1;
  }

  private boolean v6(byte[] buffer, int from, int end) {
    count = 0;
    int gap = -1;
    int at = from;
    if (at < end && buffer[at] == ':') {
      if (at + 1 == end || buffer[at + 1] != ':') {
        return false;
      }
      gap = 0;
      at += 2;
    }
    while (at < end) {
      final int behind = group(buffer, at, end);
      if (behind < 0) {
        return false;
      }
      at = behind;
      if (at < end) {
        at++; // the colon
        if (at == end) {
          return false;
        }
        if (buffer[at] == ':') {
          if (gap >= 0) {
            return false;
          }
          gap = count;
          at++;
        }
      }
    }
    return assemble(gap);
  }

  /** Reads one group, or the IPv4 address at the end; returns the place behind, or -1. */
  private int group(byte[] buffer, int from, int end) {
    int at = from;
    int value = 0;
    while (at < end && at - from < 4 && Octets.hex(buffer[at]) >= 0) {
      value = (value << 4) | Octets.hex(buffer[at]);
      at++;
    }
    if (at == from || count == GROUPS) {
      return -1;
    }
    if (at < end && buffer[at] == '.') {
      final long v4 = v4(buffer, from, end);
      if (v4 < 0 || count > GROUPS - 2) {
        return -1;
      }
      groups[count++] = (int) (v4 >>> 16);
      groups[count++] = (int) (v4 & 0xFFFF);
      return end;
    }
    groups[count++] = value;
    return at == end || buffer[at] == ':' ? at : -1;
  }

  /** Fills the gap with zeros; false if there are too many or too few groups. */
  private boolean assemble(int gap) {
    if (gap < 0 ? count != GROUPS : count == GROUPS) {
      return false;
    }
    long first = 0;
    long second = 0;
    for (int i = 0; i < GROUPS; i++) {
      final int behindGap = i - (GROUPS - count);
      final int value = gap < 0 || i < gap ? groups[i] : behindGap >= gap ? groups[behindGap] : 0;
      if (i < GROUPS / 2) {
        first = (first << 16) | value;
      } else {
        second = (second << 16) | value;
      }
    }
    high = first;
    low = second;
    return true;
  }

  long high() {
    return high;
  }

  long low() {
    return low;
  }

  boolean isV6() {
    return high != 0 || low >>> 32 != MAPPED >>> 32;
  }

  /** As RFC 5952 writes it, IPv6 in brackets. */
  String text() {
    final boolean v6 = isV6();
    final byte[] raw = new byte[v6 ? 16 : 4];
    for (int i = 0; i < raw.length; i++) {
      final int fromEnd = raw.length - 1 - i;
      raw[i] = (byte) ((fromEnd < 8 ? low : high) >>> (8 * (fromEnd % 8)));
    }
    final byte[] written = new byte[AddressText.LONGEST];
    final int length = AddressText.write(raw, raw.length, written);
    final String text = new String(written, 0, length, StandardCharsets.US_ASCII);
    return v6 ? "[" + text + "]" : text;
  }

  boolean is(long otherHigh, long otherLow) {
    return high == otherHigh && low == otherLow;
  }
}
