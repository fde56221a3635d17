package org.millrace.jetty.handshake;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Extension;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
import org.eclipse.jetty.ee11.websocket.servlet.WebSocketUpgradeFilter;
import org.millrace.jetty.config.FilterConfig;

/**
 * The Jakarta container, with an endpoint for each path: what passes its filters is upgraded. Which
 * handshakes come here, and with which sub-protocol, the gate has decided.
 */
public final class JakartaFront {
  private JakartaFront() {}

  /**
   * A context that upgrades requests for these paths.
   *
   * @throws IllegalArgumentException if a filter's class cannot be found or is none.
   */
  public static ServletContextHandler of(Collection<String> paths, List<FilterConfig> filters) {
    final ServletContextHandler context = new ServletContextHandler("/");
    filters.forEach(filter -> add(context, filter));
    // After the others. By its name the container knows it for its own, which it would put first.
    final FilterHolder upgrade = new FilterHolder(new WebSocketUpgradeFilter());
    upgrade.setName(WebSocketUpgradeFilter.class.getName());
    upgrade.setAsyncSupported(true);
    context.addFilter(upgrade, "/*", EnumSet.of(DispatcherType.REQUEST));
    JakartaWebSocketServletContainerInitializer.configure(
        context,
        (servletContext, container) -> {
          for (final String path : paths) {
            container.addEndpoint(endpoint(path));
          }
        });
    return context;
  }

  private static void add(ServletContextHandler context, FilterConfig filter) {
    final FilterHolder holder = new FilterHolder(filterClass(filter.className()));
    holder.setInitParameters(filter.init());
    holder.setAsyncSupported(true);
    for (final String pattern : filter.urlPatterns()) {
      context.addFilter(holder, pattern, EnumSet.of(DispatcherType.REQUEST));
    }
  }

  private static Class<? extends Filter> filterClass(String name) {
    try {
      return Class.forName(name).asSubclass(Filter.class);
    } catch (ClassNotFoundException | ClassCastException e) {
      throw new IllegalArgumentException(
          name + ": must be a jakarta.servlet.Filter on the class path", e);
    }
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
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
