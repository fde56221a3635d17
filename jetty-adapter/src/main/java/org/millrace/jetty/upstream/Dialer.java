package org.millrace.jetty.upstream;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.Transport;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.Promise;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.jetty.wire.Wires;

/** Makes connections with one address. Waits for nothing. */
final class Dialer {
  private final ClientConnector connector;
  private final Wires wires;
  private final ConnectionContext context;
  private final InetSocketAddress remote;
  private final Optional<TlsClient> tls;
  private final Supplier<Optional<WsHandshake>> handshakes;

  /**
   * @param connector started.
   * @param context concluded.
   * @param handshakes a new one for each attempt, or none.
   */
  Dialer(
      ClientConnector connector,
      Wires wires,
      ConnectionContext context,
      InetSocketAddress remote,
      Optional<TlsClient> tls,
      Supplier<Optional<WsHandshake>> handshakes) {
    this.connector = connector;
    this.wires = wires;
    this.context = context;
    this.remote = remote;
    this.tls = tls;
    this.handshakes = handshakes;
  }

  /** The attempt will hear what becomes of it. */
  void dial(LinkAttempt attempt) {
    final ClientConnectionFactory factory = (endPoint, ignored) -> stack(endPoint, attempt);
    final Promise<Connection> promise = Promise.from(connection -> {}, attempt::failed);
    final Map<String, Object> how = new HashMap<>();
    how.put(Transport.CONTEXT_KEY, Transport.TCP_IP);
    how.put(ClientConnectionFactory.CONTEXT_KEY, factory);
    how.put(ClientConnector.CONNECTION_PROMISE_CONTEXT_KEY, promise);
    connector.connect(remote, how);
  }

  private Connection stack(EndPoint endPoint, LinkAttempt attempt) {
    if (tls.isEmpty()) {
      return opening(endPoint, attempt);
    }
    final SslConnection secure =
        new SslConnection(
            connector.getByteBufferPool(),
            connector.getExecutor(),
            tls.get().factory(),
            endPoint,
            tls.get().newEngine(remote.getPort()),
            true,
            true);
    final EndPoint decrypted = secure.getSslEndPoint();
    final Opening opening = opening(decrypted, attempt);
    decrypted.setConnection(opening);
    secure.addHandshakeListener(opening);
    return secure;
  }

  private Opening opening(EndPoint endPoint, LinkAttempt attempt) {
    return new Opening(
        endPoint,
        connector.getExecutor(),
        attempt,
        tls,
        handshakes.get(),
        socket ->
            wires.newCoreWire(
                socket,
                context,
                attempt,
                () -> attempt.failed(new IllegalStateException("the engine is full"))));
  }
}
