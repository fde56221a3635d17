package org.millrace.bench.peer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millrace.jetty.Edge;
import org.millrace.jetty.config.ConfigLoader;

/**
 * The edge as anybody would run it, with a path that echoes and one where it answers SIP itself,
 * one shard and no limits by address.
 */
final class MillraceServer implements RunningPeer {
  private static final List<String> LISTENERS = List.of("ws", "wss");

  private final Edge edge;

  MillraceServer(Identity identity) throws Exception {
    edge = Edge.launch(ConfigLoader.load(Optional.empty(), settings(identity)));
  }

  private static Map<String, String> settings(Identity identity) {
    final Map<String, String> settings = new LinkedHashMap<>();
    settings.put("state-directory", quoted(identity.directory().toString()));
    settings.put("listen", LISTENERS.toString());
    for (final String listener : LISTENERS) {
      settings.put("listeners." + listener + ".host", HOST);
      settings.put("listeners." + listener + ".port", "0");
      settings.put("listeners." + listener + ".paths", "[echo, sip]");
      settings.put("listeners." + listener + ".page", "false");
    }
    settings.put("paths.echo.path", PATH);
    settings.put("paths.echo.sub-protocols", "[echo]");
    settings.put("paths.echo.sub-protocol-required", "false");
    settings.put("paths.sip.path", PeerProcess.SIP_PATH);
    settings.put("core.domains", "[" + PeerProcess.SIP_DOMAIN + "]");
    settings.put("listeners.wss.tls", "measured");
    settings.put("listeners.wss.http2", "false");
    settings.put(
        "tls.measured.certificates",
        "[{ chain = %s, key = %s }]"
            .formatted(quoted(identity.chain().toString()), quoted(identity.key().toString())));
    settings.put("limits.connections-per-address", "0");
    settings.put("limits.handshakes-per-second", "0");
    settings.put("limits.handshakes-per-second-per-address", "0");
    settings.put("engine.shards", "1");
    settings.put("admin.enabled", "false");
    return settings;
  }

  private static String quoted(String text) {
    return "\"" + text + "\"";
  }

  @Override
  public int port() {
    return edge.addresses().get(0).getPort();
  }

  @Override
  public int securePort() {
    return edge.addresses().get(1).getPort();
  }

  @Override
  public String note() {
    return "the edge on its defaults, with one shard, without HTTP/2 and without limits for one"
        + " address; TLS by the JDK";
  }
}
