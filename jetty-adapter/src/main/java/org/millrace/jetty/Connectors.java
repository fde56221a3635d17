package org.millrace.jetty;

import java.io.IOException;
import java.util.List;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.millrace.jetty.config.ListenerConfig;
import org.millrace.jetty.handshake.HandshakeConnector;
import org.millrace.jetty.handshake.HandshakeHttp;
import org.millrace.jetty.handshake.ListenerHandshakes;
import org.millrace.jetty.handshake.ProxyFromTrusted;
import org.millrace.jetty.wire.Protocols;

/** A listener as a connector of Jetty. */
final class Connectors {
  private static final int ACCEPTORS = 1;

  private Connectors() {}

  /**
   * Not yet started.
   *
   * @throws IOException if a certificate cannot be loaded; the message names the file.
   */
  static ServerConnector of(Server server, ListenerConfig listener, ListenerHandshakes handshakes)
      throws IOException {
    final List<ConnectionFactory> factories =
        Protocols.factories(
            listener, HandshakeHttp.http1(handshakes), HandshakeHttp.http2(handshakes));
    if (listener.proxyProtocol()) {
      factories.add(0, new ProxyFromTrusted(handshakes, factories.get(0).getProtocol()));
    }
    final ServerConnector connector =
        new HandshakeConnector(
            server, ACCEPTORS, -1, handshakes, factories.toArray(new ConnectionFactory[0]));
    connector.setName(listener.name());
    connector.setHost(listener.host());
    connector.setPort(listener.port());
    connector.setAcceptQueueSize(listener.acceptQueueSize());
    connector.setReuseAddress(true);
    connector.setAcceptedTcpNoDelay(true);
    return connector;
  }
}
