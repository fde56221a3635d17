package org.millrace.jetty.config;

import java.util.List;
import java.util.Optional;

/**
 * A socket to listen on and what it serves.
 *
 * @param name for logs and messages; the key in the configuration.
 * @param host an address, IPv4 or IPv6, or a name of this machine.
 * @param port 0 for any free one.
 * @param tls empty for cleartext.
 * @param tlsTerminatedUpstream whether a proxy in front does TLS, so that {@code msrp} is allowed
 *     (A-8).
 * @param http2 whether ALPN offers h2; on TLS only.
 * @param proxyProtocol whether trusted proxies begin with a PROXY header, v1 or v2.
 * @param acceptQueueSize connections that wait in the kernel to be accepted.
 * @param page whether a plain GET of / is answered by the page with two clients.
 * @param advertised host and port under which clients know this listener; empty for host and port
 *     of the socket.
 */
public record ListenerConfig(
    String name,
    String host,
    int port,
    Optional<TlsConfig> tls,
    boolean tlsTerminatedUpstream,
    boolean http2,
    boolean proxyProtocol,
    int acceptQueueSize,
    boolean page,
    Optional<String> advertised,
    List<PathConfig> paths) {
  public boolean isSecure() {
    return tls.isPresent();
  }

  /** Whether clients come by TLS, be it ended here or by a proxy in front. */
  public boolean isSecureForClients() {
    return isSecure() || tlsTerminatedUpstream;
  }
}
