package org.millrace.jetty.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.EngineContext;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.jetty.harness.Events;
import org.millrace.jetty.harness.RawClient;
import org.millrace.jetty.harness.RawHttp2;

/** What an open connection keeps: nothing of its handshake. */
class IdleMemoryTest {
  private static final int CONNECTIONS = 100;

  /** A few may be in use or recycled; one for each connection may not. */
  private static final int A_FEW = 20;

  private static final List<String> HANDSHAKE =
      List.of(
          "HttpConnection",
          "HttpChannel",
          "HttpParser",
          "HttpGenerator",
          "HttpStream",
          ".server.Request",
          ".server.Response",
          "servlet",
          ".websocket.");

  @TempDir private Path directory;

  private final Events events = new Events();

  private EchoServer start(boolean tls) throws Exception {
    return new EchoServer(
        tls ? Optional.of(EchoServer.selfSigned(directory)) : Optional.empty(),
        new EngineContext().shards(1),
        new ConnectionContext(),
        events);
  }

  @ParameterizedTest(name = "tls={0}")
  @ValueSource(booleans = {false, true})
  void nothingOfTheHandshakeStays(boolean tls) throws Exception {
    final List<RawClient> clients = new ArrayList<>();
    try (EchoServer server = start(tls)) {
      clients.add(open(server, tls)); // after which classes have their constants
      final Map<String, Integer> before = instances();
      for (int i = 0; i < CONNECTIONS; i++) {
        clients.add(open(server, tls));
      }
      final Map<String, Integer> after = instances();
      assertThat(after.get(JettyWire.class.getName())).isGreaterThan(CONNECTIONS);
      assertThat(multiplied(before, after)).noneMatch(IdleMemoryTest::belongsToAHandshake);
      for (final RawClient client : clients) {
        client.close();
      }
    }
  }

  @Test
  void nothingOfTheHandshakeStaysInAStream() throws Exception {
    try (EchoServer server = start(true);
        RawHttp2 client = RawHttp2.connect(server.address(), 65_536, 65_536)) {
      open(client, 1);
      final Map<String, Integer> before = instances();
      for (int i = 1; i <= CONNECTIONS; i++) {
        open(client, 2 * i + 1);
      }
      final Map<String, Integer> after = instances();
      assertThat(after.get(JettyWire.class.getName())).isGreaterThan(CONNECTIONS);
      assertThat(multiplied(before, after)).noneMatch(IdleMemoryTest::belongsToAHandshake);
    }
  }

  private static RawClient open(EchoServer server, boolean tls) throws IOException {
    final RawClient client =
        tls ? RawClient.connectTls(server.address()) : RawClient.connect(server.address());
    client.upgrade("/echo", "echo");
    client.sendText("hi").readFrame();
    return client;
  }

  private static void open(RawHttp2 client, int stream) throws IOException {
    client.open(stream, "/echo");
    client.await(RawHttp2.HEADERS);
    client.data(stream, RawClient.masked(0x81, new byte[] {'x'}));
    client.await(RawHttp2.DATA);
  }

  private static boolean belongsToAHandshake(String name) {
    return HANDSHAKE.stream().anyMatch(name::contains);
  }

  private static List<String> multiplied(Map<String, Integer> before, Map<String, Integer> after) {
    return after.entrySet().stream()
        .filter(entry -> entry.getKey().contains("jetty"))
        .filter(entry -> entry.getValue() - before.getOrDefault(entry.getKey(), 0) > A_FEW)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Live objects of each class. */
  private static Map<String, Integer> instances() throws Exception {
    final String histogram =
        (String)
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram",
                    new Object[] {new String[0]},
                    new String[] {String[].class.getName()});
    final Map<String, Integer> instances = new HashMap<>();
    histogram
        .lines()
        .map(line -> line.trim().split("\\s+"))
        .filter(cells -> cells.length >= 4 && cells[0].endsWith(":"))
        .forEach(cells -> instances.put(cells[3], Integer.parseInt(cells[1])));
    return instances;
  }
}
