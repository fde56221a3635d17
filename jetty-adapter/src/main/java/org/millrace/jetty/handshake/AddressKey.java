package org.millrace.jetty.handshake;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/** An IPv4 address, or an IPv6 prefix, as what limits count by. IPv4 is mapped into IPv6. */
record AddressKey(long high, long low) {
  private static final int IPV4_BYTES = 4;
  private static final long MAPPED = 0xFFFFL << 32;

  static AddressKey of(InetAddress address, int ipv6PrefixLength) {
    final ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
    if (bytes.remaining() == IPV4_BYTES) {
      return new AddressKey(0, MAPPED | (bytes.getInt() & 0xFFFF_FFFFL));
    }
    return new AddressKey(
        bytes.getLong() & mask(ipv6PrefixLength),
        bytes.getLong() & mask(ipv6PrefixLength - Long.SIZE));
  }

  private static long mask(int bits) {
    return bits <= 0 ? 0 : bits >= Long.SIZE ? -1L : -1L << (Long.SIZE - bits);
  }
}
