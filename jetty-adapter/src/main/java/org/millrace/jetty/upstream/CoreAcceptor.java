package org.millrace.jetty.upstream;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.millrace.jetty.config.CoreSocketConfig;
import org.millrace.jetty.wire.TlsContexts;

/**
 * Where the core connects to over TCP or TLS. Who is not the core is not even talked to (C-2).
 *
 * <p>There is no keep-alive of ours on such connections, because their clients are who pings (RFC
 * 5626 section 3.5.1); TCP's own finds those whose peer has vanished.
 */
final class CoreAcceptor extends ServerConnector {
  private static final String PROTOCOL = "sip";

  private final TrustedPeers trusted;
  private final CoreCounters counters;
  private final int maxConnections;

  private CoreAcceptor(
      Server server,
      TrustedPeers trusted,
      CoreCounters counters,
      int maxConnections,
      ConnectionFactory[] factories) {
    super(server, null, null, null, 1, 1, factories);
    this.maxConnections = maxConnections;
    this.trusted = trusted;
    this.counters = counters;
  }

  /**
   * Bound when this returns, but it accepts only once it is started.
   *
   * @param wires makes the connection for a socket.
   * @throws IOException if the address cannot be bound, or a certificate not be loaded; the message
   *     names it.
   */
  static CoreAcceptor bind(
      CoreSocketConfig config,
      Server server,
      TrustedPeers trusted,
      CoreCounters counters,
      Function<EndPoint, Connection> wires)
      throws IOException {
    final List<ConnectionFactory> factories = new ArrayList<>();
    if (config.tls().isPresent()) {
      factories.add(new SslConnectionFactory(TlsContexts.of(config.tls().get()), PROTOCOL));
    }
    factories.add(new SipConnectionFactory(wires));
    final CoreAcceptor acceptor =
        new CoreAcceptor(
            server,
            trusted,
            counters,
            config.maxConnections(),
            factories.toArray(new ConnectionFactory[0]));
    acceptor.setName(config.name());
    acceptor.setHost(config.host());
    acceptor.setPort(config.port());
    acceptor.setReuseAddress(true);
    acceptor.setAcceptedTcpNoDelay(true);
    try {
      acceptor.open();
    } catch (IOException e) {
      throw new IOException(
          "core socket %s: cannot bind %s %s port %d: %s"
              .formatted(
                  config.name(),
                  config.transport().uri(),
                  config.host(),
                  config.port(),
                  e.getMessage()),
          e);
    }
    return acceptor;
  }

  @Override
  protected SocketChannelEndPoint newEndPoint(
      SocketChannel channel, ManagedSelector selector, SelectionKey key) throws IOException {
    if (!(channel.getRemoteAddress() instanceof InetSocketAddress peer)
        || !trusted.contains(peer.getAddress())) {
      counters.increment(CoreCounter.STREAM_UNTRUSTED);
      throw new IOException("not an address of the core");
    }
    if (getConnectedEndPoints().size() >= maxConnections) { // opened by this one selector's thread
      counters.increment(CoreCounter.STREAM_REFUSED);
      throw new IOException("more than max-connections");
    }
    counters.increment(CoreCounter.STREAM_ACCEPTED);
    channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    return super.newEndPoint(channel, selector, key);
  }

  private static final class SipConnectionFactory extends AbstractConnectionFactory {
    private final Function<EndPoint, Connection> wires;

    private SipConnectionFactory(Function<EndPoint, Connection> wires) {
      super(PROTOCOL);
      this.wires = wires;
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
      return wires.apply(endPoint);
    }
  }
}
