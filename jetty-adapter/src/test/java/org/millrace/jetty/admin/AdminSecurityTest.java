package org.millrace.jetty.admin;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.jetty.config.AdminConfig;
import org.slf4j.LoggerFactory;

/** Who is let in to the admin listener, and what for (F-10). */
@Timeout(300)
class AdminSecurityTest {
  private static final String DISABLE =
      "{\"jsonrpc\":\"2.0\",\"method\":\"ws.disable\",\"params\":[\"a\\nb\"],\"id\":1}";

  private static AdminRig withToken() throws Exception {
    return new AdminRig(RpcStyle.KAMAILIO, Optional.of(AdminRig.TOKEN));
  }

  private static int disable(AdminRig rig, Map<String, String> headers) throws Exception {
    final HttpRequest.Builder request =
        rig.request("/rpc").POST(HttpRequest.BodyPublishers.ofString(DISABLE));
    headers.forEach(request::header);
    final HttpResponse<String> response = rig.send(request);
    assertThat(rig.admission().isEnabled()).isEqualTo(response.statusCode() != 200);
    return response.statusCode();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Bearer",
        "Bearer ",
        "Bearer wrong",
        "Bearer 0123456789abcde",
        "Bearer 0123456789abcdef0",
        "Bearer 0123456789ABCDEF",
        "0123456789abcdef",
        "Basic 0123456789abcdef",
        "Digest 0123456789abcdef"
      })
  void withoutTheTokenNobodyIsLetIn(String authorization) throws Exception {
    try (AdminRig rig = withToken()) {
      final Map<String, String> headers =
          authorization.isEmpty()
              ? Map.of("Content-Type", "application/json")
              : Map.of("Content-Type", "application/json", "Authorization", authorization);
      assertThat(disable(rig, headers)).isEqualTo(401);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer 0123456789abcdef", "bearer  0123456789abcdef"})
  void withTheTokenOneIs(String authorization) throws Exception {
    try (AdminRig rig = withToken()) {
      assertThat(
              disable(
                  rig, Map.of("Content-Type", "application/json", "Authorization", authorization)))
          .isEqualTo(200);
    }
  }

  @Test
  void aChallengeNamesTheScheme() throws Exception {
    try (AdminRig rig = withToken()) {
      final HttpResponse<String> response = rig.post(DISABLE);
      assertThat(response.statusCode()).isEqualTo(401);
      assertThat(response.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
      assertThat(response.body()).doesNotContain(AdminRig.TOKEN);
    }
  }

  /** Also with the token: a page must not be able to use what its browser may know. */
  @ParameterizedTest
  @ValueSource(strings = {"https://example.org", "null", "http://127.0.0.1", "http://localhost"})
  void pagesAreNotLetIn(String origin) throws Exception {
    try (AdminRig rig = withToken()) {
      assertThat(
              disable(
                  rig,
                  Map.of(
                      "Content-Type",
                      "application/json",
                      "Authorization",
                      "Bearer " + AdminRig.TOKEN,
                      "Origin",
                      origin)))
          .isEqualTo(403);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "application/json, 200",
    "Application/JSON; charset=utf-8, 200",
    "text/plain, 415",
    "application/x-www-form-urlencoded, 415",
    "multipart/form-data, 415",
    "application/json-seq, 415",
    "'text/plain; application/json', 415"
  })
  void onlyJsonIsTaken(String type, int status) throws Exception {
    try (AdminRig rig = new AdminRig()) {
      assertThat(disable(rig, Map.of("Content-Type", type))).isEqualTo(status);
    }
  }

  @Test
  void withoutATypeNothingIsTaken() throws Exception {
    try (AdminRig rig = new AdminRig()) {
      assertThat(disable(rig, Map.of())).isEqualTo(415);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "PUT", "DELETE", "OPTIONS"})
  void rpcIsPost(String method) throws Exception {
    try (AdminRig rig = new AdminRig()) {
      final HttpResponse<String> response =
          rig.send(rig.request("/rpc").method(method, HttpRequest.BodyPublishers.ofString("{}")));
      assertThat(response.statusCode()).isEqualTo(405);
      assertThat(response.headers().firstValue("Allow")).hasValue("POST");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void bodiesAreBounded(boolean chunked) throws Exception {
    try (AdminRig rig = new AdminRig()) {
      final byte[] most = (DISABLE + " ".repeat(65_536 - DISABLE.length())).getBytes(US_ASCII);
      for (final int length : new int[] {65_537, 600_000}) {
        final byte[] more = (DISABLE + " ".repeat(length - DISABLE.length())).getBytes(US_ASCII);
        assertThat(post(rig, more, chunked)).isEqualTo(413);
      }
      assertThat(rig.admission().isEnabled()).isTrue();
      assertThat(post(rig, most, chunked)).isEqualTo(200);
    }
  }

  private static int post(AdminRig rig, byte[] body, boolean chunked) throws Exception {
    final HttpRequest.BodyPublisher publisher = HttpRequest.BodyPublishers.ofByteArray(body);
    return rig.send(
            rig.request("/rpc")
                .header("Content-Type", "application/json")
                .POST(chunked ? HttpRequest.BodyPublishers.fromPublisher(publisher) : publisher))
        .statusCode();
  }

  /** Else a client might send its next request on a connection that is being closed. */
  @Test
  void whoIsRefusedBeforeTheBodyHasComeIsToldThatTheConnectionEnds() throws Exception {
    try (AdminRig rig = withToken();
        Socket socket =
            new Socket(InetAddress.getLoopbackAddress(), rig.server().address().getPort())) {
      socket.setSoTimeout(60_000);
      socket
          .getOutputStream()
          .write("POST /rpc HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n".getBytes(US_ASCII));
      assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
          .startsWith("HTTP/1.1 401 ")
          .contains("Connection: close\r\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1", "", " "})
  void withoutATokenOnlyThisMachineIsServed(String host) {
    assertThatThrownBy(
            () -> AdminServer.start(new AdminConfig(true, host, 0, Optional.empty()), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("admin.host");
  }

  @Test
  void anEmptyTokenIsNone() {
    assertThatThrownBy(
            () -> AdminServer.start(new AdminConfig(true, "0.0.0.0", 0, Optional.of(" ")), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("admin.token");
  }

  @Test
  void healthNeedsNoTokenAndTellsNoMore() throws Exception {
    try (AdminRig rig = withToken()) {
      assertThat(health(rig, "/health/live", 200)).isEqualTo("{\"status\":\"live\"}\n");
      assertThat(health(rig, "/health/ready", 200)).isEqualTo("{\"status\":\"ready\"}\n");
      rig.admission().disable();
      assertThat(health(rig, "/health/ready", 503)).isEqualTo("{\"status\":\"disabled\"}\n");
      rig.admission().drain();
      assertThat(health(rig, "/health/ready", 503)).isEqualTo("{\"status\":\"draining\"}\n");
      assertThat(health(rig, "/health/live", 200)).isNotEmpty();
      for (final String path : List.of("/", "/health", "/health/ready/x", "/rpc/x", "/ws")) {
        assertThat(rig.send(rig.request(path)).statusCode()).as(path).isEqualTo(404);
      }
    }
  }

  private static String health(AdminRig rig, String path, int status) throws Exception {
    final HttpResponse<String> response = rig.send(rig.request(path));
    assertThat(response.statusCode()).isEqualTo(status);
    return response.body();
  }

  @Test
  void whatChangesSomethingLeavesALine() throws Exception {
    final Logger audit = (Logger) LoggerFactory.getLogger("org.millrace.audit");
    final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    audit.addAppender(lines);
    audit.setLevel(Level.INFO);
    audit.setAdditive(false);
    try (AdminRig rig = new AdminRig()) {
      rig.post(DISABLE);
      rig.rpc("ws.close", "[999]");
      rig.rpc("ws.dump", "[]");
      rig.rpc("ws.ping", "[\"" + "x".repeat(300) + "\"]");
    } finally {
      audit.detachAppender(lines);
      audit.setLevel(null);
      audit.setAdditive(true);
    }
    assertThat(lines.list.stream().map(ILoggingEvent::getFormattedMessage))
        .containsExactly(
            "127.0.0.1 called ws.disable [\"a\\nb\"]: done",
            "127.0.0.1 called ws.close [999]: 500 Unknown connection ID",
            "127.0.0.1 called ws.ping [\"" + "x".repeat(254) + "...: 500 Invalid Parameters");
  }
}
