package org.millrace.jetty.handshake;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A listener's socket. It counts connections from accept to close, whatever becomes of them, and
 * starts the deadline of the handshake at accept, so that it covers PROXY and TLS too.
 */
public final class HandshakeConnector extends ServerConnector {
  private final ListenerHandshakes handshakes;

  /** Creates the connector of a listener; address, port and queue are set as always. */
  public HandshakeConnector(
      Server server,
      int acceptors,
      int selectors,
      ListenerHandshakes handshakes,
      ConnectionFactory... factories) {
    super(server, null, null, null, acceptors, selectors, factories);
    this.handshakes = handshakes;
    addBean(handshakes);
  }

  @Override
  protected SocketChannelEndPoint newEndPoint(
      SocketChannel channel, ManagedSelector selector, SelectionKey key) throws IOException {
    final Optional<ConnectionLease> admitted = handshakes.limits().admit();
    if (admitted.isEmpty()) {
      handshakes.droppedAtAccept(channel.getRemoteAddress(), RefusalReason.CONNECTIONS);
      throw new IOException("Too many connections");
    }
    final ConnectionLease lease = admitted.get();
    try {
      bind(channel, lease);
      return endPoint(channel, selector, key, lease);
    } catch (IOException | RuntimeException | Error e) {
      lease.release();
      throw e;
    }
  }

  /**
   * Counts the connection for its address, unless that is a proxy's and the client's comes later.
   */
  private void bind(SocketChannel channel, ConnectionLease lease) throws IOException {
    final Optional<InetAddress> address =
        Peer.inetAddress(channel.getRemoteAddress())
            .filter(peer -> !handshakes.trustedProxies().contains(peer));
    if (address.isPresent() && !lease.bind(address.get())) {
      handshakes.droppedAtAccept(channel.getRemoteAddress(), RefusalReason.ADDRESS_CONNECTIONS);
      throw new IOException("Too many connections of this address");
    }
  }

  private AdmittedEndPoint endPoint(
      SocketChannel channel, ManagedSelector selector, SelectionKey key, ConnectionLease lease) {
    final Scheduler scheduler = getScheduler();
    final AdmittedEndPoint endPoint =
        new AdmittedEndPoint(channel, selector, key, scheduler, lease);
    endPoint.setIdleTimeout(getIdleTimeout());
    endPoint.setDeadline(
        scheduler, handshakes.config().timeout(), () -> handshakes.expiredSilently(endPoint));
    return endPoint;
  }

  /**
   * Closes the end point of a connection that could not be made. Jetty closes only the channel
   * then, and the place of the connection would be lost.
   */
  @Override
  protected SelectorManager newSelectorManager(
      Executor executor, Scheduler scheduler, int selectors) {
    return new ServerConnectorManager(executor, scheduler, selectors) {
      @Override
      public Connection newConnection(
          SelectableChannel channel, EndPoint endPoint, Object attachment) throws IOException {
        try {
          return super.newConnection(channel, endPoint, attachment);
        } catch (IOException | RuntimeException | Error e) {
          endPoint.close(e);
          throw e;
        }
      }

      @Override
      public void connectionOpened(Connection connection, Object context) {
        try {
          super.connectionOpened(connection, context);
        } catch (RuntimeException | Error e) {
          connection.getEndPoint().close(e);
          throw e;
        }
      }
    };
  }
}
