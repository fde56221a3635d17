package org.millrace.jetty.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** A block of IP addresses, as in 192.0.2.0/24, 2001:db8::/32 or a single address. */
public final class Network {
  private final byte[] address;
  private final int prefixLength;

  private Network(byte[] address, int prefixLength) {
    this.address = address;
    this.prefixLength = prefixLength;
  }

  /**
   * Reads a block.
   *
   * @throws IllegalArgumentException if it is none; the message says why. Names are not looked up.
   */
  public static Network parse(String text) {
    final int slash = text.indexOf('/');
    final byte[] address = parseAddress(slash < 0 ? text : text.substring(0, slash), text);
    int prefixLength = address.length * Byte.SIZE;
    if (slash >= 0) {
      final String digits = text.substring(slash + 1);
      if (!digits.matches("\\d{1,3}") || Integer.parseInt(digits) > prefixLength) {
        throw new IllegalArgumentException(
            text + ": the prefix length must be 0 to " + prefixLength);
      }
      prefixLength = Integer.parseInt(digits);
    }
    return new Network(address, prefixLength);
  }

  /** Whether a host would not be looked up as a name; it may still be wrong. */
  public static boolean isWrittenAsAddress(String host) {
    return host.indexOf(':') >= 0 || host.matches("\\d{1,3}(\\.\\d{1,3}){3}");
  }

  private static byte[] parseAddress(String address, String text) {
    try {
      if (isWrittenAsAddress(address)) {
        return InetAddress.getByName(address).getAddress();
      }
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(text + ": not an IP address", e);
    }
    throw new IllegalArgumentException(text + ": must be an IP address, or one with /prefix");
  }

  /** Whether an address lies in this block. */
  public boolean contains(InetAddress other) {
    final byte[] bytes = other.getAddress();
    if (bytes.length != address.length) {
      return false;
    }
    final int whole = prefixLength / Byte.SIZE;
    final int rest = prefixLength % Byte.SIZE;
    return Arrays.equals(bytes, 0, whole, address, 0, whole)
        && (rest == 0 || ((bytes[whole] ^ address[whole]) & 0xFF) >> (Byte.SIZE - rest) == 0);
  }
}
