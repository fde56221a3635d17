package org.millrace.jetty.config;

import com.typesafe.config.ConfigUtil;
import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.sip.CoreTransport;

/** No two may listen on one port. */
final class Ports {
  private record Socket(String section, String host, int port, boolean udp) {
    boolean conflictsWith(Socket other) {
      return port != 0
          && udp == other.udp
          && port == other.port
          && (host.equals(other.host) || Hosts.isWildcard(host) || Hosts.isWildcard(other.host));
    }
  }

  private Ports() {}

  static void check(Section root, EdgeConfig config) {
    final List<Socket> sockets = new ArrayList<>();
    for (final ListenerConfig listener : config.listeners()) {
      final String section = "listeners." + ConfigUtil.joinPath(listener.name());
      sockets.add(new Socket(section, listener.host(), listener.port(), false));
    }
    for (final CoreSocketConfig socket : config.coreSockets()) {
      final String section = "core-sockets." + ConfigUtil.joinPath(socket.name());
      final boolean udp = socket.transport() == CoreTransport.UDP;
      sockets.add(new Socket(section, socket.host(), socket.port(), udp));
    }
    if (config.admin().enabled()) {
      sockets.add(new Socket("admin", config.admin().host(), config.admin().port(), false));
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
