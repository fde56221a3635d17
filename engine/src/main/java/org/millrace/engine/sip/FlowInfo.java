package org.millrace.engine.sip;

import java.net.InetSocketAddress;
import java.util.Objects;

/**
 * What the opening handshake tells of a flow.
 *
 * @param secure whether it is TLS: {@code WSS} in Via, kind 6 in tokens.
 * @param host the advertised host of the local listener, a name or an IP address, an IPv6 address
 *     in brackets. Goes into Via and Record-Route as it is.
 * @param port the advertised port, 1 to 65535.
 * @param remote the client's address, or null if it is not known.
 * @param identity to whom the handshake belongs, {@code user@host} or only {@code user}, with or
 *     without {@code sip:}; null if it named nobody (B-23).
 */
public record FlowInfo(
    boolean secure, String host, int port, InetSocketAddress remote, String identity) {
  public FlowInfo {
    Objects.requireNonNull(host, "host");
    if (host.isEmpty()
        || !host.chars().allMatch(c -> c > ' ' && c < 127 && "<>;,?@\"/".indexOf(c) < 0)) {
      throw new IllegalArgumentException("host=" + host + ": must be a host name or an IP address");
    }
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port=" + port + ": must be 1 to 65535");
    }
  }
}
