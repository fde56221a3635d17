package org.millrace.jetty;

import java.net.InetSocketAddress;
import java.net.URI;
import org.millrace.jetty.config.HostPort;

/**
 * A host as URIs have it, an IPv6 address in brackets, and a port.
 *
 * @param host without a zone.
 */
record HostAndPort(String host, int port) {
  static HostAndPort of(InetSocketAddress address) {
    final String text = address.getAddress().getHostAddress();
    final int zone = text.indexOf('%');
    return new HostAndPort(
        HostPort.inUri(zone < 0 ? text : text.substring(0, zone)), address.getPort());
  }

  /** Reads a host, with a port or without. */
  static HostAndPort parse(String text, int defaultPort) {
    final HostPort read = HostPort.parse(text);
    return new HostAndPort(read.host(), read.port().orElse(defaultPort));
  }

  static URI uri(String scheme, String host, int port) {
    return URI.create(scheme + "://" + HostPort.inUri(host) + ":" + port);
  }
}
