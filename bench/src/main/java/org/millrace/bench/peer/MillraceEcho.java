package org.millrace.bench.peer;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.millrace.engine.Engine;
import org.millrace.engine.EngineContext;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.MessageHandler;
import org.millrace.jetty.config.AuthConfig;
import org.millrace.jetty.config.EdgeSubProtocol;
import org.millrace.jetty.config.ListenerConfig;
import org.millrace.jetty.config.PathConfig;
import org.millrace.jetty.handshake.AcceptedHandshake;
import org.millrace.jetty.handshake.JakartaFront;
import org.millrace.jetty.handshake.UpgradeHandler;
import org.millrace.jetty.wire.Connectors;
import org.millrace.jetty.wire.Wires;

/** Sockets, the Jakarta front and an engine of one shard, with its settings at their defaults. */
final class MillraceEcho implements EchoPeer {
  private static final MessageHandler ECHO =
      (connection, opcode, buffer, offset, length) ->
          connection.send(opcode, buffer, offset, length);
  private static final int BACKLOG = 1024;

  private final ServerConnector connector;

  MillraceEcho() throws Exception {
    final ConnectionContext rules = new ConnectionContext().conclude();
    final Engine engine = Engine.launch(new EngineContext().shards(1));
    final Server server = new Server();
    final ListenerConfig listener = listener(path(rules));
    final Wires wires = new Wires(engine, server.getThreadPool(), server.getByteBufferPool());
    final UpgradeHandler upgrade =
        new UpgradeHandler(
            (endPoint, handshake) -> wires.newWire(endPoint, handshake.client(), rules, ECHO));
    upgrade.setHandler(JakartaFront.of(List.of(PATH)));
    server.setHandler(new OpenGate(listener, upgrade));
    connector =
        Connectors.of(
            server, listener, new HttpConnectionFactory(new HttpConfiguration()), List.of());
    server.addConnector(connector);
    server.start();
  }

  private static ListenerConfig listener(PathConfig path) {
    return new ListenerConfig(
        "echo",
        HOST,
        0,
        Optional.empty(),
        false,
        false,
        false,
        BACKLOG,
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
        subProtocol -> context);
  }

  @Override
  public int port() {
    return connector.getLocalPort();
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
      request.setAttribute(
          AcceptedHandshake.ATTRIBUTE,
          new AcceptedHandshake(
              listener,
              listener.paths().get(0),
              EdgeSubProtocol.ECHO,
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              peer,
              peer));
      return super.handle(request, response, callback);
    }
  }
}
