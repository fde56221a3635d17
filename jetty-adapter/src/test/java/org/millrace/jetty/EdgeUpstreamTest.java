package org.millrace.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.engine.sip.SipCounter;
import org.millrace.jetty.harness.RawClient;
import org.millrace.jetty.harness.TestEdge;
import org.millrace.jetty.harness.UdpCore;
import org.millrace.jetty.upstream.CoreCounter;
import org.millrace.jetty.upstream.DnsServer;

/** The edge with a core behind it: what is configured is what happens. */
@Timeout(120)
class EdgeUpstreamTest {
  @TempDir private static Path directory;

  private UdpCore core;

  @BeforeEach
  void startCore() throws Exception {
    core = new UdpCore();
  }

  @AfterEach
  void stopCore() {
    core.close();
  }

  private TestEdge edge(String... settings) throws Exception {
    final List<String> all =
        new ArrayList<>(
            List.of(
                "core-sockets.udp",
                "{ transport = udp, host = 127.0.0.1, port = 0 }",
                "upstreams.pbx.targets",
                "[\"sip:127.0.0.1:" + core.port() + "\"]",
                "paths.sip.upstream",
                "pbx"));
    all.addAll(Arrays.asList(settings));
    return new TestEdge(directory, all.toArray(new String[0]));
  }

  private static String request(String method, String uri, String fields) {
    return """
        %s %s SIP/2.0
        Via: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK%d
        Max-Forwards: 70
        From: <sip:alice@example.com>;tag=a1
        To: <sip:alice@example.com>
        Call-ID: %d@df7jal23ls0d.invalid
        CSeq: 1 %s
        Content-Length: 0
        %s
        """
            .formatted(method, uri, System.nanoTime(), System.nanoTime(), method, fields)
            .replace("\n\n", "\n")
            .replace("\n", "\r\n")
        + "\r\n";
  }

  private static String register() {
    return request(
        "REGISTER",
        "sip:example.com",
        "Contact: <sip:alice@df7jal23ls0d.invalid;transport=ws>;expires=300\nSupported: path");
  }

  private static void until(BooleanSupplier condition) throws InterruptedException {
    final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private static long counted(TestEdge edge, SipCounter counter) {
    return edge.edge().coreSide().orElseThrow().proxy().counters().get(counter);
  }

  private static String rpc(TestEdge edge, String method, String params) throws Exception {
    final URI uri = edge.edge().adminAddress().orElseThrow().resolve("/rpc");
    final HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    """
                    {"jsonrpc":"2.0","method":"%s","params":%s,"id":1}"""
                        .formatted(method, params)))
            .build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.ofString())
        .body()
        .replaceAll("\\s+", " ");
  }

  @Test
  void aRegistrationGoesToTheCoreAndItsAnswerComesBack() throws Exception {
    try (TestEdge edge = edge();
        RawClient client = edge.open(true, "/", "sip")) {
      client.sendText(register());
      final UdpCore.Received request = core.receive();
      assertThat(request.text())
          .startsWith("REGISTER sip:example.com SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:")
          .containsPattern(
              "\r\nPath: <sip:[A-Za-z0-9_-]{40}@127\\.0\\.0\\.1:\\d+;transport=udp;lr");
      core.send(UdpCore.answer(request.text(), "200 OK"), request.from());
      assertThat(client.readFrame().text())
          .startsWith("SIP/2.0 200 OK\r\nVia: SIP/2.0/WSS df7jal23ls0d.invalid;");
      assertThat(edge.edge().core().bindingCount()).as("in the embedded registrar").isZero();
    }
  }

  @Test
  void theCoreReachesAClientByItsPath() throws Exception {
    try (TestEdge edge = edge();
        RawClient client = edge.open(false, "/", "sip")) {
      client.sendText(register());
      final UdpCore.Received request = core.receive();
      final String path = request.text().replaceFirst("(?s).*\r\nPath: (<[^>]*>).*", "$1");
      core.send(
          request("MESSAGE", "sip:alice@df7jal23ls0d.invalid;transport=ws", "Route: " + path)
              .replace("WSS df7jal23ls0d.invalid", "UDP 127.0.0.1:" + core.port()),
          request.from());
      final String message = client.readFrame().text();
      assertThat(message).startsWith("MESSAGE sip:alice@df7jal23ls0d.invalid;transport=ws SIP/2.0");
      client.sendText(UdpCore.answer(message, "200 OK"));
      assertThat(core.receive().text()).startsWith("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1:");
    }
  }

  @Test
  void aPathWithoutAnUpstreamStillHasTheEmbeddedRegistrar() throws Exception {
    try (TestEdge edge = edge("paths.here.path", "/here", "listeners.ws.paths", "[sip, here]");
        RawClient client = edge.open(false, "/here", "sip")) {
      client.sendText(register());
      assertThat(client.readFrame().text()).startsWith("SIP/2.0 200 ");
      assertThat(edge.edge().core().bindingCount()).isEqualTo(1);
      assertThat(core.isEmpty()).isTrue();
    }
  }

  /** Issue 4: nothing that a client sends is resolved or dialled. */
  @Test
  void nothingThatAClientNamesIsEverLookedUpOrDialled() throws Exception {
    try (DnsServer dns = DnsServer.start();
        ServerSocket victim = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        TestEdge edge =
            edge(
                "core-sockets.tcp",
                "{ transport = tcp, host = 127.0.0.1, port = 0 }",
                "dns.servers",
                "[\"127.0.0.1:" + dns.address().getPort() + "\"]",
                "upstreams.pbx.targets",
                "[\"sip:pbx.example;transport=udp\"]",
                "upstreams.pbx.udp-oversize",
                "fragment");
        RawClient client = edge.open(false, "/", "sip")) {
      // the start asked for what is configured, and got to know that there is nothing
      assertThat(dns.asked()).containsExactly("_sip._udp.pbx.example. SRV", "pbx.example. A");
      final String there = "127.0.0.1:" + victim.getLocalPort() + ";transport=tcp";
      final String[] requests = {
        register(),
        request("OPTIONS", "sip:bob@evil.example", ""),
        request("OPTIONS", "sip:bob@" + there, ""),
        request("MESSAGE", "sip:bob@example.com", "Route: <sip:evil.example;lr>"),
        request("MESSAGE", "sip:bob@example.com", "Route: <sip:" + there + ";lr>"),
        request("MESSAGE", "sip:bob@example.com;maddr=evil.example", ""),
        request("BYE", "sip:bob@evil.example", "")
            .replace("To: <sip:alice@example.com>", "To: <sip:alice@example.com>;tag=b"),
        request("BYE", "sip:bob@" + there, "")
            .replace("To: <sip:alice@example.com>", "To: <sip:alice@example.com>;tag=b"),
        request("OPTIONS", "sip:bob@example.com", "")
            .replace("WSS df7jal23ls0d.invalid", "TCP evil.example;received=" + there),
        request("OPTIONS", "sip:evil.example;alias=127.0.0.1~" + victim.getLocalPort() + "~2", ""),
      };
      for (final String request : requests) {
        client.sendText(request);
        assertThat(client.readFrame().text()).as(request).matches("(?s)SIP/2\\.0 [45].*");
      }
      assertThat(dns.asked()).allMatch(name -> name.contains("pbx.example."));
      assertThat(core.isEmpty()).isTrue();
      victim.setSoTimeout(1);
      assertThatThrownBy(victim::accept).isInstanceOf(SocketTimeoutException.class);
      assertThat(edge.edge().coreSide().orElseThrow().transports().connections()).isZero();
    }
  }

  @Test
  void aNameIsLookedUpAndUsed() throws Exception {
    try (DnsServer dns = DnsServer.start()) {
      dns.has("_sip._udp.pbx.example. 300 SRV 1 0 " + core.port() + " a.example.")
          .has("a.example. 300 A 127.0.0.1");
      try (TestEdge edge =
              edge(
                  "dns.servers",
                  "[\"127.0.0.1:" + dns.address().getPort() + "\"]",
                  "upstreams.pbx.targets",
                  "[\"sip:pbx.example;transport=udp\"]");
          RawClient client = edge.open(false, "/", "sip")) {
        client.sendText(register());
        assertThat(core.receive().text()).startsWith("REGISTER ");
        assertThat(edge.edge().coreSide().orElseThrow().targets())
            .extracting(CoreSide.TargetView::target)
            .containsExactly("udp:127.0.0.1:" + core.port());
      }
    }
  }

  @Test
  void targetsAreAskedAndOperatorsSeeTheirAnswers() throws Exception {
    try (TestEdge edge = edge("upstreams.pbx.health.interval", "1 s")) {
      final CoreSide side = edge.edge().coreSide().orElseThrow();
      until(() -> "200".equals(probe(side)));
      assertThat(rpc(edge, "millrace.upstreams", "{}"))
          .contains("\"upstream\" : \"pbx\"")
          .contains("\"target\" : \"udp:127.0.0.1:" + core.port() + "\"")
          .contains("\"health\" : \"up\"")
          .contains("\"lastProbe\" : \"200 after ");
      assertThat(counted(edge, SipCounter.FOREIGN_RESPONSES)).isZero();
      core.answerProbes("503 Go away\r\nRetry-After: 5");
      until(() -> side.targets().get(0).health().equals("draining"));
      assertThat(rpc(edge, "stats.fetchn", "[\"all\"]"))
          .contains("\"millrace.core_udp_sent\"")
          .contains("\"millrace.millrace_core_connections\" : 0");
    }
  }

  private static String probe(CoreSide side) {
    final String outcome = side.targets().get(0).lastProbe();
    return outcome == null ? "" : outcome.split(" ", 2)[0];
  }

  @Test
  void aConnectionWithTheCoreOutlivesTheDrainOfClients() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        TestEdge edge =
            edge(
                "core-sockets.tcp",
                "{ transport = tcp, host = 127.0.0.1, port = 0 }",
                "upstreams.pbx.targets",
                "[\"sip:127.0.0.1:" + server.getLocalPort() + ";transport=tcp\"]",
                "upstreams.pbx.health.enabled",
                "false",
                "drain.duration",
                "0 s",
                "drain.timeout",
                "60 s")) {
      server.setSoTimeout(30_000);
      try (Socket core = server.accept();
          RawClient client = edge.open(false, "/", "sip")) {
        core.setSoTimeout(30_000);
        final CoreSide side = edge.edge().coreSide().orElseThrow();
        until(() -> side.targets().get(0).connections() == 1);
        assertThat(rpc(edge, "millrace.connections", "{}"))
            .contains("\"listener\" : \"tcp\"")
            .contains("\"listener\" : \"ws\"");
        assertThat(rpc(edge, "ws.dump", "[]")).contains("\"wscounter\" : 1");
        client.sendText(register());
        assertThat(read(core)).startsWith("REGISTER ").contains("Via: SIP/2.0/TCP 127.0.0.1:");
        final CompletableFuture<Boolean> drained =
            CompletableFuture.supplyAsync(() -> edge.edge().drain());
        assertThat(client.readFrame().closeCode()).isEqualTo(1001);
        client.sendHex("88 82 37 fa 21 3d 34 13");
        assertThat(drained.get(60, TimeUnit.SECONDS)).isTrue();
        core.getOutputStream()
            .write(
                request("MESSAGE", "sip:alice@df7jal23ls0d.invalid", "")
                    .replace("WSS df7jal23ls0d.invalid", "TCP 127.0.0.1:9")
                    .getBytes(StandardCharsets.ISO_8859_1));
        assertThat(read(core)).as("the core is still heard").startsWith("SIP/2.0 4");
        edge.edge().close();
        assertThat(core.getInputStream().read()).isEqualTo(-1);
      }
    }
  }

  private static String read(Socket socket) throws IOException {
    final byte[] bytes = new byte[4096];
    final int length = socket.getInputStream().read(bytes);
    return new String(bytes, 0, Math.max(0, length), StandardCharsets.ISO_8859_1);
  }

  @Test
  void aRequestThatWaitedForAConnectionInVainIsAnswered() throws Exception {
    try (ServerSocket deaf = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        TestEdge edge =
            edge(
                "core-sockets.ws",
                "{ transport = ws, host = 127.0.0.1 }",
                "upstreams.pbx.targets",
                "[\"sip:127.0.0.1:" + deaf.getLocalPort() + ";transport=ws\"]",
                "upstreams.pbx.health.enabled",
                "false",
                "upstreams.pbx.connect-timeout",
                "3 s");
        Socket accepted = accept(deaf);
        RawClient client = edge.open(false, "/", "sip")) {
      client.sendText(register());
      accepted.shutdownOutput(); // instead of an answer to the opening handshake
      assertThat(client.readFrame().text()).startsWith("SIP/2.0 503 ");
    }
  }

  private static Socket accept(ServerSocket server) throws Exception {
    server.setSoTimeout(30_000);
    return server.accept();
  }

  @Test
  void whoHasLoggedOutIsClosed() throws Exception {
    try (TestEdge edge =
            edge("paths.sip.auth.schemes", "[basic]", "paths.sip.auth.users.alice", "secret");
        RawClient alice = edge.connect(true)) {
      alice.send(
          RawClient.request("/", "sip")
              .replace("Upgrade:", "Authorization: Basic YWxpY2U6c2VjcmV0\r\nUpgrade:"));
      assertThat(alice.readHead()).startsWith("HTTP/1.1 101 ");
      until(() -> edge.edge().coreSide().orElseThrow().proxy().flowCount() == 1);
      assertThat(rpc(edge, "millrace.revoke", "[\"bob\"]")).contains("\"closed\" : 0");
      assertThat(rpc(edge, "millrace.revoke", "[\"sip:alice@example.com\"]"))
          .contains("\"closed\" : 1");
      assertThat(alice.readFrame().closeCode()).isEqualTo(1008);
    }
  }

  @Test
  void keysAreMadeOnceAndOutliveARestart() throws Exception {
    final String token;
    try (TestEdge edge = edge();
        RawClient client = edge.open(false, "/", "sip")) {
      client.sendText(register());
      token = core.receive().text().replaceFirst("(?s).*\r\nPath: <sip:([^@]*)@.*", "$1");
    }
    try (TestEdge edge = edge()) {
      until(() -> edge.edge().coreSide().orElseThrow().targets().size() == 1);
      final var socket = edge.edge().coreSide().orElseThrow().transports().socket("udp");
      core.send(
          request(
                  "MESSAGE",
                  "sip:alice@df7jal23ls0d.invalid",
                  "Route: <sip:%s@127.0.0.1:%d;lr>".formatted(token, socket.port()))
              .replace("WSS df7jal23ls0d.invalid", "UDP 127.0.0.1:" + core.port()),
          new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.port()));
      assertThat(core.receive().text()).as("verified, but gone").startsWith("SIP/2.0 430 ");
    }
  }

  @Test
  void whoIsNotTheCoreIsNotHeard() throws Exception {
    try (TestEdge edge = edge();
        DatagramSocket stranger = new DatagramSocket(0, InetAddress.getByName("127.0.0.2"))) {
      final CoreSide side = edge.edge().coreSide().orElseThrow();
      final byte[] bytes = request("OPTIONS", "sip:edge", "").getBytes(StandardCharsets.ISO_8859_1);
      stranger.send(
          new DatagramPacket(
              bytes,
              bytes.length,
              new InetSocketAddress(
                  InetAddress.getLoopbackAddress(), side.transports().socket("udp").port())));
      until(() -> side.transports().counters().get(CoreCounter.UDP_UNTRUSTED) == 1);
    }
  }
}
