package org.millrace.jetty.handshake;

import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Extension;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.Collection;
import java.util.List;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;

/**
 * The Jakarta container, with an endpoint for each path: what passes its filters is upgraded. Which
 * handshakes come here, and with which sub-protocol, the gate has decided.
 */
public final class JakartaFront {
  private JakartaFront() {}

  /** A context that upgrades requests for these paths. */
  public static ServletContextHandler of(Collection<String> paths) {
    final ServletContextHandler context = new ServletContextHandler("/");
    JakartaWebSocketServletContainerInitializer.configure(
        context,
        (servletContext, container) -> {
          for (final String path : paths) {
            container.addEndpoint(endpoint(path));
          }
        });
    return context;
  }

  private static ServerEndpointConfig endpoint(String path) {
    return ServerEndpointConfig.Builder.create(Replaced.class, path)
        .configurator(new Settled())
        .build();
  }

  /** Everything was negotiated before the container got to see the request. */
  private static final class Settled extends ServerEndpointConfig.Configurator {
    @Override
    public String getNegotiatedSubprotocol(List<String> supported, List<String> requested) {
      return requested.isEmpty() ? "" : requested.get(0);
    }

    /** Else Jetty agrees to permessage-deflate of its own accord. */
    @Override
    public List<Extension> getNegotiatedExtensions(
        List<Extension> installed, List<Extension> requested) {
      return List.of();
    }

    @Override
    public boolean checkOrigin(String originHeaderValue) {
      return true;
    }
  }

  /** Stands for the connection until ours takes its place; nothing is ever received here. */
  public static final class Replaced extends Endpoint {
    @Override
    public void onOpen(Session session, EndpointConfig config) {
      try {
        session.close(
            new CloseReason(CloseReason.CloseCodes.UNEXPECTED_CONDITION, "not taken over"));
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }
}
