package org.millrace.jetty.wire;

import java.net.InetSocketAddress;
import java.util.List;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.ProxyConnectionFactory;
import org.millrace.jetty.config.Network;

/**
 * Reads the PROXY header of those who may send one; everybody else's first byte belongs to the next
 * protocol, where a PROXY header is an error like any other.
 */
final class TrustedProxyConnectionFactory extends AbstractConnectionFactory {
  private final List<Network> trusted;
  private final String next;
  private final ProxyConnectionFactory proxy;

  TrustedProxyConnectionFactory(List<Network> trusted, String next) {
    super("trusted-proxy");
    this.trusted = trusted;
    this.next = next;
    proxy = new ProxyConnectionFactory(next);
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    final ConnectionFactory factory =
        isTrusted(endPoint) ? proxy : connector.getConnectionFactory(next);
    return factory.newConnection(connector, endPoint);
  }

  private boolean isTrusted(EndPoint endPoint) {
    return endPoint.getRemoteSocketAddress() instanceof InetSocketAddress peer
        && trusted.stream().anyMatch(network -> network.contains(peer.getAddress()));
  }
}
