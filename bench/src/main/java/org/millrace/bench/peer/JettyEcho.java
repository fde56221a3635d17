package org.millrace.bench.peer;

import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * Jetty's own Jakarta endpoint as its users write it: an annotated class that takes each message as
 * a string and sends it back through the session's basic remote. The client offers no extension, so
 * nothing is compressed.
 */
final class JettyEcho implements EchoPeer {
  private static final int BACKLOG = 1024;

  private final ServerConnector connector;

  JettyEcho() throws Exception {
    final Server server = new Server();
    final ServletContextHandler context = new ServletContextHandler("/");
    JakartaWebSocketServletContainerInitializer.configure(
        context, (servletContext, container) -> container.addEndpoint(Endpoint.class));
    server.setHandler(context);
    connector = new ServerConnector(server);
    connector.setHost(HOST);
    connector.setAcceptQueueSize(BACKLOG);
    server.addConnector(connector);
    server.start();
  }

  @Override
  public int port() {
    return connector.getLocalPort();
  }

  /** One for each connection; made by the container. */
  @ServerEndpoint(PATH)
  public static final class Endpoint {
    @OnMessage
    public void onMessage(Session session, String message) throws IOException {
      session.getBasicRemote().sendText(message);
    }

    /** Clients under load go without a closing handshake: nothing to log. */
    @OnError
    public void onError(Throwable cause) {}
  }
}
