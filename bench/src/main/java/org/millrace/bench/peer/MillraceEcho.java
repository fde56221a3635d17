package org.millrace.bench.peer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.millrace.jetty.Edge;
import org.millrace.jetty.config.ConfigLoader;

/** The edge as anybody would run it, with an echo path, one shard and no limits by address. */
final class MillraceEcho implements EchoPeer {
  private final Edge edge;

  MillraceEcho() throws Exception {
    edge = Edge.launch(ConfigLoader.load(Optional.empty(), settings()));
  }

  private static Map<String, String> settings() {
    final Map<String, String> settings = new LinkedHashMap<>();
    settings.put("listen", "[ws]");
    settings.put("listeners.ws.host", HOST);
    settings.put("listeners.ws.port", "0");
    settings.put("listeners.ws.paths", "[echo]");
    settings.put("paths.echo.path", PATH);
    settings.put("paths.echo.sub-protocols", "[echo]");
    settings.put("paths.echo.sub-protocol-required", "false");
    settings.put("limits.connections-per-address", "0");
    settings.put("limits.handshakes-per-second", "0");
    settings.put("limits.handshakes-per-second-per-address", "0");
    settings.put("engine.shards", "1");
    settings.put("admin.enabled", "false");
    return settings;
  }

  @Override
  public int port() {
    return edge.addresses().get(0).getPort();
  }
}
