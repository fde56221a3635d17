package org.millrace.jetty.harness;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.millrace.jetty.Edge;
import org.millrace.jetty.config.ConfigLoader;

/** A whole edge on free ports of the loopback: sip at / and echo at /echo, with and without TLS. */
public final class TestEdge implements AutoCloseable {
  private final Edge edge;
  private final Events events = new Events();

  /**
   * @param state directory for the self-signed certificate.
   * @param settings over the defaults; pairs of key and value.
   */
  public TestEdge(Path state, String... settings) throws Exception {
    final Map<String, String> all = new LinkedHashMap<>();
    all.put("state-directory", '"' + state.toString() + '"');
    for (final String listener : new String[] {"ws", "wss"}) {
      all.put("listeners." + listener + ".host", "127.0.0.1");
      all.put("listeners." + listener + ".port", "0");
      all.put("listeners." + listener + ".paths", "[sip, echo]");
    }
    all.put("paths.echo.path", "/echo");
    all.put("paths.echo.sub-protocols", "[echo]");
    all.put("limits.connections-per-address", "0");
    all.put("limits.handshakes-per-second", "0");
    all.put("limits.handshakes-per-second-per-address", "0");
    // What a slow machine must not run into; a test that is about one of them sets it.
    all.put("handshake.timeout", "5 m");
    all.put("connection.keep-alive-mechanism", "none");
    all.put("connection.send-timeout", "5 m");
    all.put("connection.close-timeout", "5 m");
    all.put("connection.message-timeout", "5 m");
    all.put("connection.message-min-rate", "0 B");
    all.put("engine.shards", "2");
    all.put("admin.port", "0");
    for (int i = 0; i < settings.length; i += 2) {
      all.put(settings[i], settings[i + 1]);
    }
    edge = Edge.launch(ConfigLoader.load(Optional.empty(), all), events, Optional.empty());
  }

  public Edge edge() {
    return edge;
  }

  public Events events() {
    return events;
  }

  public InetSocketAddress ws() {
    return address(0);
  }

  public InetSocketAddress wss() {
    return address(1);
  }

  private InetSocketAddress address(int listener) {
    return new InetSocketAddress(
        InetAddress.getLoopbackAddress(), edge.addresses().get(listener).getPort());
  }

  public RawClient connect(boolean secure) throws Exception {
    return secure ? RawClient.connectTls(wss()) : RawClient.connect(ws());
  }

  /** A connection that is open. */
  public RawClient open(boolean secure, String path, String subProtocol) throws Exception {
    final RawClient client = connect(secure);
    final String head = client.upgrade(path, subProtocol);
    if (!head.startsWith("HTTP/1.1 101 ")) {
      throw new AssertionError(head);
    }
    return client;
  }

  @Override
  public void close() {
    edge.close();
  }
}
