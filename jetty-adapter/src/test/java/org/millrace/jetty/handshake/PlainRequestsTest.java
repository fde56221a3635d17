package org.millrace.jetty.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.jetty.handshake.Refusals.assertHelp;
import static org.millrace.jetty.handshake.Refusals.assertRefused;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Health and the page with the clients. */
class PlainRequestsTest extends HandshakeTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /healthz HTTP/1.1\r\n\r\n",
        "GET /healthz?from=lb HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\n\r\n",
        "GET /healthz HTTP/1.0\r\n\r\n"
      })
  void healthIsOk(String request) {
    final RawClient.Answer answer = answer(request);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("ok\n");
    assertThat(answer.values("connection")).containsExactly("close");
  }

  @Test
  void healthSaysThatItIsDraining() {
    start().gate.drain();
    final RawClient.Answer answer = answer("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body()).isEqualTo("draining\n");
  }

  @Test
  void healthTakesHead() {
    try (RawClient client = connect()) {
      client.send("HEAD /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
      final byte[] all = client.bytes(4096);
      assertThat(all).asString().startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\n");
    }
  }

  @Test
  void healthIsNeitherCountedNorLimited() {
    config.rate = 1;
    for (int i = 0; i < 5; i++) {
      assertThat(answer("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n").status()).isEqualTo(200);
    }
    assertThat(edge.counters.failedHandshakes()).isZero();
    assertThat(edge.counters.successfulHandshakes()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/favicon.ico", "/demo/sip.js", "/?x=y"})
  void pageIsHandedOn(String target) {
    config.page = true;
    final RawClient.Answer answer = answer("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("the page");
    assertThat(answer.values("connection")).containsExactly("close");
  }

  @Test
  void onlyThePageIsHandedOn() {
    config.page = true;
    assertRefused(answer("GET /other HTTP/1.1\r\nHost: a\r\n\r\n"), 404);
    assertHelp(answer("GET /ws HTTP/1.1\r\nHost: a\r\n\r\n"), "sip");
  }

  @Test
  void withoutAPageThereIsNone() {
    assertRefused(answer("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), 404);
  }
}
