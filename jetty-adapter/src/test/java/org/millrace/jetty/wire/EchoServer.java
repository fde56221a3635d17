package org.millrace.jetty.wire;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.agrona.DirectBuffer;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.millrace.engine.Engine;
import org.millrace.engine.EngineContext;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.ConnectionListener;
import org.millrace.engine.connection.MessageHandler;
import org.millrace.jetty.config.AuthConfig;
import org.millrace.jetty.config.EdgeSubProtocol;
import org.millrace.jetty.config.FilterConfig;
import org.millrace.jetty.config.ListenerConfig;
import org.millrace.jetty.config.PathConfig;
import org.millrace.jetty.config.TlsConfig;
import org.millrace.jetty.handshake.AcceptedHandshake;
import org.millrace.jetty.handshake.JakartaFront;
import org.millrace.jetty.handshake.UpgradeHandler;

/** Sockets, the Jakarta front, wires and an engine, with a gate that lets everybody in. */
final class EchoServer implements AutoCloseable {
  static final MessageHandler ECHO =
      new MessageHandler() {
        @Override
        public void onMessage(
            Connection connection, int opcode, DirectBuffer buffer, int offset, int length) {
          connection.send(opcode, buffer, offset, length);
        }
      };

  private static final String PATH = "/echo";
  private static final int SESSION_WINDOW = 64 << 20;

  private final Engine engine;
  private final Server server;
  private final ServerConnector connector;

  EchoServer(
      Optional<TlsConfig> tls,
      EngineContext engineContext,
      ConnectionContext connectionContext,
      ConnectionListener events)
      throws Exception {
    this(tls, engineContext, connectionContext, events, null, List.of());
  }

  /**
   * @param scheduler of the first frames' delay; null for the server's.
   */
  EchoServer(
      Optional<TlsConfig> tls,
      EngineContext engineContext,
      ConnectionContext connectionContext,
      ConnectionListener events,
      Scheduler scheduler,
      List<FilterConfig> filters)
      throws Exception {
    engine = Engine.launch(engineContext.listener(events));
    server = new Server();
    final ListenerConfig listener = listener(tls, path(connectionContext.conclude()));
    final Wires wires =
        new Wires(
            engine,
            server.getThreadPool(),
            scheduler == null ? server.getScheduler() : scheduler,
            server.getByteBufferPool(),
            scheduler == null ? Duration.ofMillis(50) : Duration.ofHours(1));
    final UpgradeHandler upgrade =
        new UpgradeHandler(
            (endPoint, handshake) ->
                wires.newWire(endPoint, handshake.client(), connectionContext, ECHO));
    upgrade.setHandler(JakartaFront.of(List.of(PATH), filters));
    server.setHandler(new OpenGate(listener, upgrade));
    final HttpConfiguration http = new HttpConfiguration();
    final HTTP2ServerConnectionFactory http2 = new HTTP2ServerConnectionFactory(http);
    http2.setConnectProtocolEnabled(true);
    // RawHttp2 sends without looking at the window, which a server that is behind does not forgive.
    http2.setInitialSessionRecvWindow(SESSION_WINDOW);
    connector =
        new ServerConnector(
            server,
            Protocols.factories(listener, new HttpConnectionFactory(http), http2)
                .toArray(new ConnectionFactory[0]));
    connector.setHost(listener.host());
    server.addConnector(connector);
    server.start();
  }

  static TlsConfig selfSigned(Path directory) {
    return new TlsConfig(
        List.of(),
        Optional.of(directory),
        TlsConfig.ClientAuth.NONE,
        Optional.empty(),
        List.of(),
        List.of(),
        1000);
  }

  private static ListenerConfig listener(Optional<TlsConfig> tls, PathConfig path) {
    return new ListenerConfig(
        "test",
        "127.0.0.1",
        0,
        tls,
        false,
        tls.isPresent(),
        false,
        128,
        false,
        Optional.empty(),
        List.of(path));
  }

  private static PathConfig path(ConnectionContext context) {
    return new PathConfig(
        PATH,
        List.of(EdgeSubProtocol.ECHO),
        false,
        PathConfig.SubProtocolPreference.CLIENT,
        List.of(),
        false,
        List.of(),
        PathConfig.CorsMode.NONE,
        false,
        new AuthConfig(
            Set.of(),
            "",
            Map.of(),
            Duration.ZERO,
            null,
            Optional.empty(),
            Optional.empty(),
            Set.of()),
        Optional.empty(),
        subProtocol -> context);
  }

  Engine engine() {
    return engine;
  }

  /** For Jetty's own settings and lists; connections accepted from now on heed a changed one. */
  ServerConnector connector() {
    return connector;
  }

  InetSocketAddress address() {
    return new InetSocketAddress(
        java.net.InetAddress.getLoopbackAddress(), connector.getLocalPort());
  }

  @Override
  public void close() {
    engine.close();
    LifeCycle.stop(server);
  }

  private static final class OpenGate extends Handler.Wrapper {
    private final ListenerConfig listener;

    private OpenGate(ListenerConfig listener, Handler next) {
      super(next);
      this.listener = listener;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      final SocketAddress peer = request.getConnectionMetaData().getRemoteSocketAddress();
      final Optional<String> offered =
          request.getHeaders().getValuesList("Sec-WebSocket-Protocol").stream().findFirst();
      request.setAttribute(
          AcceptedHandshake.ATTRIBUTE,
          new AcceptedHandshake(
              listener,
              listener.paths().get(0),
              EdgeSubProtocol.ECHO,
              offered,
              Optional.empty(),
              Optional.empty(),
              peer,
              peer));
      return super.handle(request, response, callback);
    }
  }
}
