package org.millrace.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.jetty.harness.Http2Client;
import org.millrace.jetty.harness.RawClient;
import org.millrace.jetty.harness.TestEdge;

/** The edge whole: what its parts are together. */
class EdgeTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @TempDir private static Path directory;

  private static String rpc(TestEdge edge, String method, String params) throws Exception {
    final HttpRequest request =
        HttpRequest.newBuilder(edge.edge().adminAddress().orElseThrow().resolve("/rpc"))
            .header("Content-Type", "application/json")
            .timeout(TIMEOUT)
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

  private static int health(TestEdge edge) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + edge.ws().getPort() + "/healthz"))
                .timeout(TIMEOUT)
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void hs21SwitchedOffItRefusesAndKeepsWhatIsOpen() throws Exception {
    try (TestEdge edge = new TestEdge(directory);
        RawClient open = edge.open(false, "/echo", "echo");
        RawClient refused = edge.connect(false);
        RawClient late = edge.connect(true)) {
      assertThat(rpc(edge, "ws.disable", "[]")).contains("\"result\" : { }");
      final String old = RawClient.request("/echo", "echo").replace("Version: 13", "Version: 8");
      assertThat(refused.send(old).readHead()).startsWith("HTTP/1.1 503 ");
      assertThat(health(edge)).isEqualTo(503);
      assertThat(open.sendText("hi").readFrame().text()).isEqualTo("hi");
      rpc(edge, "ws.enable", "[]");
      assertThat(late.upgrade("/echo", "echo")).startsWith("HTTP/1.1 101 ");
      assertThat(health(edge)).isEqualTo(200);
    }
  }

  @Test
  void operatorsSeeAndCloseConnections() throws Exception {
    try (TestEdge edge = new TestEdge(directory);
        RawClient client = edge.open(true, "/", "sip")) {
      final long id = edge.events().awaitOpened();
      assertThat(rpc(edge, "ws.dump", "[]"))
          .contains(id + ": wss:127.0.0.1:")
          .containsPattern("\\(state: OPEN, last used \\d+s ago, sub-protocol: sip\\)");
      assertThat(rpc(edge, "stats.fetchn", "[\"websocket:\"]"))
          .contains("\"websocket.ws_sip_successful_handshakes\" : 1")
          .contains("\"websocket.ws_current_connections\" : 1");
      rpc(edge, "ws.close", "[" + id + "]");
      final RawClient.Frame close = client.readFrame();
      assertThat(close.closeCode()).isEqualTo(1000);
      client.sendHex("88 82 37 fa 21 3d 34 12");
      assertThat(client.read()).isEqualTo(-1);
    }
  }

  /** Requirement A-53. */
  @Test
  void drainingRefusesThenClosesThenIsDone() throws Exception {
    try (TestEdge edge =
            new TestEdge(
                directory, "drain.grace", "0 s", "drain.duration", "1 s", "drain.timeout", "2 m");
        RawClient first = edge.open(false, "/echo", "echo");
        RawClient second = edge.open(true, "/", "sip")) {
      edge.events().awaitOpened();
      edge.events().awaitOpened();
      final CompletableFuture<Boolean> drained =
          CompletableFuture.supplyAsync(() -> edge.edge().drain());
      for (final RawClient client : new RawClient[] {first, second}) {
        assertThat(client.readFrame().closeCode()).isEqualTo(1001);
        client.sendHex("88 82 37 fa 21 3d 34 13");
      }
      assertThat(drained.get(3, TimeUnit.MINUTES)).isTrue();
      assertThat(health(edge)).isEqualTo(503);
      try (RawClient late = edge.connect(false)) {
        assertThat(late.upgrade("/echo", "echo"))
            .startsWith("HTTP/1.1 503 ")
            .contains("Retry-After: ");
      }
    }
  }

  @Test
  void aPathAsksForCredentialsAndBindsTheIdentity() throws Exception {
    try (TestEdge edge =
            new TestEdge(
                directory,
                "paths.sip.auth.schemes",
                "[basic]",
                "paths.sip.auth.users.alice",
                "secret");
        RawClient nobody = edge.connect(true);
        RawClient alice = edge.connect(true)) {
      assertThat(nobody.upgrade("/", "sip"))
          .startsWith("HTTP/1.1 401 ")
          .contains("WWW-Authenticate: Basic ");
      alice.send(
          RawClient.request("/", "sip")
              .replace("Upgrade:", "Authorization: Basic YWxpY2U6c2VjcmV0\r\nUpgrade:"));
      assertThat(alice.readHead()).startsWith("HTTP/1.1 101 ");
      alice.sendText(
          """
          MESSAGE sip:carol@example.com SIP/2.0
          Via: SIP/2.0/WSS a.invalid;branch=z9hG4bK1
          From: <sip:bob@example.com>;tag=1
          To: <sip:carol@example.com>
          Call-ID: 1
          CSeq: 1 MESSAGE

          """
              .replace("\n", "\r\n"));
      assertThat(alice.readFrame().text()).startsWith("SIP/2.0 403 ");
      assertThat(rpc(edge, "millrace.connections", "{}")).contains("\"alice\"");
      assertThat(rpc(edge, "millrace.revoke", "[\"alice\"]")).contains("\"closed\" : 1");
      assertThat(alice.readFrame().closeCode()).isEqualTo(1008);
    }
  }

  @Test
  void http2StreamsAreFlowsLikeAnyOther() throws Exception {
    try (TestEdge edge = new TestEdge(directory);
        Http2Client client = Http2Client.connect(edge.wss())) {
      final Http2Client.Tunnel tunnel =
          client.connectTo(
              "/",
              "websocket",
              org.eclipse.jetty.http.HttpFields.build()
                  .put("sec-websocket-version", "13")
                  .put("sec-websocket-protocol", "sip"));
      assertThat(tunnel.response().getStatus()).isEqualTo(200);
      // H2-05
      tunnel.send(RawClient.masked(0x81, new byte[] {13, 10, 13, 10}), false);
      assertThat(tunnel.read(4)).containsExactly(0x81, 0x02, 13, 10);
      tunnel.reset();
      assertThat(edge.events().awaitClosed().clean()).isFalse();
    }
  }
}
