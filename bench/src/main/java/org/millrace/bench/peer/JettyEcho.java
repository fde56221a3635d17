package org.millrace.bench.peer;

import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;

/**
 * Jetty's own Jakarta endpoint as its users write it: an annotated class that takes each message as
 * a string and sends it back through the session's basic remote. The client offers no extension, so
 * nothing is compressed.
 */
final class JettyEcho implements RunningPeer {
  private final JettyServer jetty;

  JettyEcho(Identity identity) throws Exception {
    jetty = new JettyServer(identity);
    final ServletContextHandler context = new ServletContextHandler("/");
    JakartaWebSocketServletContainerInitializer.configure(
        context, (servletContext, container) -> container.addEndpoint(Endpoint.class));
    jetty.start(context);
  }

  @Override
  public int port() {
    return jetty.port();
  }

  @Override
  public int securePort() {
    return jetty.securePort();
  }

  @Override
  public String note() {
    return "an annotated Jakarta endpoint: whole messages as strings, sent back through the basic"
        + " remote; default thread pool and buffers; TLS by the JDK";
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
