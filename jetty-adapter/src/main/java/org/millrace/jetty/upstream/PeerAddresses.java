package org.millrace.jetty.upstream;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * The addresses last sent to, as the objects that sockets want, so that bytes of an address need
 * not become new ones for each message. One a thread.
 */
final class PeerAddresses {
  private static final int SLOTS = 256;

  private final InetSocketAddress[] addresses = new InetSocketAddress[SLOTS];
  private final byte[][] bytes = new byte[SLOTS][];

  /**
   * @param address its first {@code length} bytes are an IP address.
   * @param length 4 or 16.
   */
  InetSocketAddress of(byte[] address, int length, int port) {
    int hash = port;
    for (int i = 0; i < length; i++) {
      hash = 31 * hash + address[i];
    }
    final int slot = (hash ^ hash >>> 16) & (SLOTS - 1);
    final InetSocketAddress known = addresses[slot];
    if (known != null
        && known.getPort() == port
        && Arrays.equals(bytes[slot], 0, bytes[slot].length, address, 0, length)) {
      return known;
    }
    bytes[slot] = Arrays.copyOf(address, length);
    addresses[slot] = make(bytes[slot], port);
    return addresses[slot];
  }

  static InetSocketAddress make(byte[] address, int port) {
    try {
      return new InetSocketAddress(InetAddress.getByAddress(address), port);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(address.length + " bytes are no IP address", e);
    }
  }
}
