package org.millrace.jetty.cli;

import java.io.PrintWriter;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.millrace.jetty.Version;
import org.millrace.jetty.config.EdgeConfig;
import org.millrace.jetty.config.EdgeSubProtocol;
import org.millrace.jetty.config.ListenerConfig;
import org.millrace.jetty.config.PathConfig;

/** Says where the edge listens and how to try it. */
final class Greeting {
  private final EdgeConfig config;
  private final RunningEdge edge;

  Greeting(EdgeConfig config, RunningEdge edge) {
    this.config = config;
    this.edge = edge;
  }

  void print(PrintWriter out) {
    out.println(Version.ofThis() + ", profile " + config.profile().name().toLowerCase(Locale.ROOT));
    final List<URI> addresses = edge.addresses();
    for (int i = 0; i < addresses.size(); i++) {
      printListener(out, config.listeners().get(i), addresses.get(i));
    }
    if (edge.adminAddress() != null) {
      out.println("  admin: " + edge.adminAddress() + "  (millrace ctl " + where() + "list)");
    }
    for (int i = 0; i < addresses.size(); i++) {
      if (config.listeners().get(i).page()) {
        out.println("Try it: open " + page(config.listeners().get(i), addresses.get(i)));
      }
    }
    out.println("Ctrl-C closes all connections in turn and ends it.");
    out.flush();
  }

  /** What ctl must be told about an admin listener that is not at its usual place. */
  private String where() {
    final String address = edge.adminAddress().toString();
    return CtlCommand.USUAL_URL.equals(address) ? "" : "--url " + address + " ";
  }

  private static void printListener(PrintWriter out, ListenerConfig listener, URI address) {
    final String paths =
        listener.paths().stream().map(Greeting::text).collect(Collectors.joining(", "));
    out.println("  " + listener.name() + ": " + address + "  " + paths);
  }

  private static String text(PathConfig path) {
    return path.subProtocols().stream()
            .map(EdgeSubProtocol::token)
            .collect(Collectors.joining(" or "))
        + " at "
        + path.path()
        + path.upstream().map(policy -> " to " + policy.group()).orElse("");
  }

  private static String page(ListenerConfig listener, URI address) {
    final String host =
        List.of("0.0.0.0", "::", "[::]", "[0:0:0:0:0:0:0:0]").contains(address.getHost())
            ? "localhost"
            : address.getHost();
    return listener.isSecure()
        ? "https://"
            + host
            + ":"
            + address.getPort()
            + "/"
            + (listener.tls().orElseThrow().selfSigned().isPresent()
                ? " (self-signed: the browser warns)"
                : "")
        : "http://" + host + ":" + address.getPort() + "/";
  }
}
