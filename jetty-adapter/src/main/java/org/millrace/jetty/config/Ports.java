package org.millrace.jetty.config;

import java.util.ArrayList;
import java.util.List;

/** No two may listen on one port. */
final class Ports {
  private record Socket(String section, String host, int port) {
    boolean conflictsWith(Socket other) {
      return port != 0
          && port == other.port
          && (host.equals(other.host) || Hosts.isWildcard(host) || Hosts.isWildcard(other.host));
    }
  }

  private Ports() {}

  static void check(Section root, EdgeConfig config) {
    final List<Socket> sockets = new ArrayList<>();
    for (final ListenerConfig listener : config.listeners()) {
      sockets.add(new Socket("listeners." + listener.name(), listener.host(), listener.port()));
    }
    if (config.admin().enabled()) {
      sockets.add(new Socket("admin", config.admin().host(), config.admin().port()));
    }
    for (int i = 1; i < sockets.size(); i++) {
      for (final Socket earlier : sockets.subList(0, i)) {
        if (sockets.get(i).conflictsWith(earlier)) {
          report(root, sockets.get(i), earlier);
        }
      }
    }
  }

  private static void report(Section root, Socket socket, Socket earlier) {
    root.failAt(socket.section() + ".port", "is the port of " + earlier.section() + " already");
  }
}
