package org.millrace.jetty.handshake;

import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.ProxyConnectionFactory;

/**
 * The PROXY protocol, spoken with trusted peers only. From anyone else its header is what it
 * looks like in the next protocol, which is an error.
 */
public final class ProxyFromTrusted extends AbstractConnectionFactory {
  private static final int MAX_HEADER = 1024;

  private final ListenerHandshakes handshakes;
  private final ProxyConnectionFactory proxy;
  private final String next;

  /**
   * Creates the first factory of a connector.
   *
   * @param next protocol of the factory that comes behind the header, such as SSL or http/1.1.
   */
  public ProxyFromTrusted(ListenerHandshakes handshakes, String next) {
    super("[proxy]");
    this.handshakes = handshakes;
    this.next = next;
    proxy = new ProxyConnectionFactory(next);
    proxy.setMaxProxyHeader(MAX_HEADER);
    installBean(proxy);
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    final ConnectionFactory factory =
        handshakes.trustedProxies().contains(endPoint.getRemoteSocketAddress())
            ? proxy
            : connector.getConnectionFactory(next);
    return factory.newConnection(connector, endPoint);
  }
}
