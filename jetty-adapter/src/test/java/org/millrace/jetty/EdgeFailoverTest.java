package org.millrace.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.engine.sip.SipCounter;
import org.millrace.jetty.harness.RawClient;
import org.millrace.jetty.harness.TestEdge;
import org.millrace.jetty.harness.UdpCore;

/** C-61 and C-62 with sockets: a path that is a stateful proxy, and a core of two servers. */
@Timeout(120)
class EdgeFailoverTest {
  private static final String THREAD = "millrace-transactions";

  @TempDir private static Path directory;

  private UdpCore silent;
  private UdpCore core;

  @BeforeEach
  void startCores() throws Exception {
    silent = new UdpCore();
    core = new UdpCore();
  }

  @AfterEach
  void stopCores() {
    silent.close();
    core.close();
  }

  private TestEdge edge(String... settings) throws Exception {
    final List<String> all =
        new ArrayList<>(
            List.of(
                "core-sockets.udp",
                "{ transport = udp, host = 127.0.0.1, port = 0 }",
                "upstreams.pbx.targets",
                "[\"sip:127.0.0.1:%d\", { uri = \"sip:127.0.0.1:%d\", priority = 1 }]"
                    .formatted(silent.port(), core.port()),
                "upstreams.pbx.health.enabled",
                "false",
                "paths.sip.upstream",
                "pbx"));
    all.addAll(Arrays.asList(settings));
    return new TestEdge(directory, all.toArray(new String[0]));
  }

  private static String request(String method, String toTag) {
    return """
    %s sip:bob@example.com SIP/2.0
    Via: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK776
    Max-Forwards: 70
    From: <sip:alice@example.com>;tag=a1
    To: <sip:bob@example.com>%s
    Call-ID: call@df7jal23ls0d.invalid
    CSeq: 1 %s
    Contact: <sip:alice@df7jal23ls0d.invalid;transport=ws>
    Content-Length: 0

    """
        .formatted(method, toTag, method)
        .replace("\n", "\r\n");
  }

  private static String branch(UdpCore.Received message) {
    return message.text().replaceFirst("(?s).*?;branch=([^;]*);.*", "$1");
  }

  private static String startLine(RawClient client) throws Exception {
    return client.readFrame().text().lines().findFirst().orElseThrow();
  }

  /** The next that is no repetition. */
  private static UdpCore.Received receive(UdpCore core, String method) throws Exception {
    UdpCore.Received next = core.receive();
    while (!next.text().startsWith(method + " ")) {
      next = core.receive();
    }
    return next;
  }

  private static String stats(TestEdge edge) throws Exception {
    final URI uri = edge.edge().adminAddress().orElseThrow().resolve("/rpc");
    final HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    """
                    {"jsonrpc":"2.0","method":"stats.fetchn","params":["all"],"id":1}"""))
            .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  @Test
  void c62ACallLeavesASilentServerForAnotherAndIsCancelledThere() throws Exception {
    try (TestEdge edge =
            edge(
                "paths.sip.routing.transactions",
                "transaction",
                "edge.transaction-mode.failover-after",
                "200 ms");
        RawClient client = edge.open(true, "/", "sip")) {
      client.sendText(request("INVITE", ""));
      assertThat(startLine(client)).isEqualTo("SIP/2.0 100 Trying");
      final UdpCore.Received unheard = silent.receive();
      final UdpCore.Received invite = core.receive();
      assertThat(branch(invite)).isEqualTo(branch(unheard) + ".1");
      core.send(UdpCore.answer(invite.text(), "180 Ringing"), invite.from());
      assertThat(startLine(client)).isEqualTo("SIP/2.0 180 Ringing");
      assertThat(stats(edge))
          .contains("\"millrace.millrace_sip_transactions\" : 1")
          .contains("\"millrace.sip_failovers\" : 1");

      client.sendText(request("CANCEL", ""));
      assertThat(startLine(client)).isEqualTo("SIP/2.0 200 OK");
      final UdpCore.Received cancel = receive(core, "CANCEL");
      assertThat(branch(cancel)).isEqualTo(branch(invite));
      core.send(UdpCore.answer(cancel.text(), "200 OK"), cancel.from());
      core.send(UdpCore.answer(invite.text(), "487 Request Terminated"), invite.from());
      assertThat(startLine(client)).isEqualTo("SIP/2.0 487 Request Terminated");
      assertThat(branch(receive(core, "ACK"))).isEqualTo(branch(invite));
      client.sendText(request("ACK", ";tag=b1"));
      client.sendText(request("MESSAGE", "").replace("z9hG4bK776", "z9hG4bK777"));
      receive(core, "MESSAGE"); // by way of the silent one, and behind the ACK
      assertThat(
              edge.edge().coreSide().orElseThrow().proxy().counters().get(SipCounter.ABSORBED_ACKS))
          .isEqualTo(1);
    }
    assertThat(threads()).doesNotContain(THREAD);
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
  }

  @Test
  void thereIsAThreadForTransactionsOnlyWhereAPathHasThem() throws Exception {
    try (TestEdge edge = edge()) {
      assertThat(threads()).doesNotContain(THREAD);
      assertThat(stats(edge)).contains("\"millrace.millrace_sip_transactions\" : 0");
    }
    try (TestEdge edge = edge("paths.sip.routing.transactions", "transaction")) {
      assertThat(edge.edge().coreSide()).isPresent();
      assertThat(threads()).contains(THREAD);
    }
  }
}
