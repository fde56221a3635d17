package org.millrace.jetty.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.jetty.handshake.Refusals.assertRefused;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The deadline runs from accept and nothing extends it (step 1 of A-3; slowloris). */
class DeadlineTest extends HandshakeTest {
  private static final Duration A_WHILE = Duration.ofSeconds(3);

  @Test
  void aByteNowAndThenDoesNotExtendIt() {
    final String head = Requests.base().text();
    try (RawClient client = connect()) {
      for (int sent = 1; sent <= 3; sent++) {
        client.send(head.substring(sent - 1, sent));
        awaitReceived(sent);
        edge.time.advance(A_WHILE);
        assertThat(edge.time.pending(config.timeout)).as("has not passed").isEqualTo(1);
      }
      edge.time.advance(config.timeout.minus(A_WHILE.multipliedBy(3)));
      assertRefused(client.answer(), 408);
      assertThat(client.read()).isEqualTo(-1);
    }
    assertThat(edge.counters.failedHandshakes(RefusalReason.HEAD_INCOMPLETE)).isEqualTo(1);
    await(() -> edge.limits.connections() == 0);
  }

  @Test
  void slowTlsIsClosedSilently() {
    config.tls = true;
    edge = new TestEdge(config, Optional.of(TestTls.server()));
    try (RawClient client = connect()) {
      final byte[] beginningOfClientHello = {0x16, 3, 1, 0x02, 0, 1, 0};
      client.send(beginningOfClientHello);
      await(() -> edge.receivedOverTls() == beginningOfClientHello.length);
      edge.time.advance(config.timeout);
      assertThat(client.read()).isEqualTo(-1);
    }
    assertThat(edge.counters.failedHandshakes(RefusalReason.NOTHING_RECEIVED)).isEqualTo(1);
    await(() -> edge.limits.connections() == 0);
  }

  @Test
  void headOverTlsHasTheSameDeadline() {
    config.tls = true;
    edge = new TestEdge(config, Optional.of(TestTls.server()));
    final String half = "GET /ws HTTP/1.1\r\n";
    try (RawClient client = new RawClient(TestTls.connect(edge.port()))) {
      edge.time.advance(A_WHILE);
      client.send(half);
      awaitReceived(half.length());
      edge.time.advance(config.timeout.minus(A_WHILE));
      assertRefused(client.answer(), 408);
      assertThat(client.read()).isEqualTo(-1);
    }
  }

  @Test
  void itIsForgottenOnceTheHandshakeIsDecided() {
    try (RawClient client = connect();
        RawClient silent = connect()) {
      assertAccepted(client.send(Requests.base().text()).answer(), "sip");
      awaitUndecided(1);
      edge.time.advance(config.timeout);
      assertThat(silent.read()).as("the deadline has passed").isEqualTo(-1);
      client.send("alive");
      assertThat(client.bytes(5)).asString().isEqualTo("alive");
    }
  }

  @Test
  void a04RefusedClientThatGoesOnSendingIsDrained() {
    try (RawClient client = connect()) {
      client.send(Requests.base().line("GET /nope HTTP/1.1").text());
      assertRefused(client.answer(), 404);
      assertThat(client.read()).as("half-closed").isEqualTo(-1);
      for (int i = 0; i < 20; i++) {
        client.send("x".repeat(1000));
      }
      assertThat(edge.limits.connections()).isEqualTo(1);
    }
    await(() -> edge.limits.connections() == 0);
  }

  @Test
  void a04DrainingEndsWithItsTime() {
    try (RawClient client = connect()) {
      client.send(Requests.base().line("GET /nope HTTP/1.1").text());
      assertRefused(client.answer(), 404);
      assertThat(edge.limits.connections()).isEqualTo(1);
      edge.time.advance(config.linger);
      await(() -> edge.limits.connections() == 0);
    }
  }

  @Test
  void a04DrainingEndsWithSoManyBytes() {
    try (RawClient client = connect()) {
      client.send(Requests.base().line("GET /nope HTTP/1.1").text());
      assertRefused(client.answer(), 404);
      client.send("x".repeat(64 * 1024 + 1));
      await(() -> edge.limits.connections() == 0);
    }
  }

  @Test
  void failureBehindTheGateIsAnswered() {
    start().fails = true;
    final Logger gate = (Logger) LoggerFactory.getLogger(HandshakeGate.class);
    gate.setLevel(Level.OFF);
    try (RawClient client = connect()) {
      client.send(Requests.base().text());
      assertRefused(client.answer(), 500);
      assertThat(client.read()).isEqualTo(-1);
    } finally {
      gate.setLevel(null);
    }
    await(() -> edge.counters.failedHandshakes(RefusalReason.INTERNAL) == 1);
    assertThat(edge.counters.failedHandshakes()).isEqualTo(1);
    assertThat(edge.counters.successfulHandshakes()).isZero();
  }

  @Test
  void eachConnectionOverPlainHttpServesOneRequest() {
    try (RawClient client = connect()) {
      client.send(
          "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
      final RawClient.Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.values("connection")).containsExactly("close");
      assertThat(client.read()).isEqualTo(-1);
    }
    await(() -> edge.limits.connections() == 0);
  }
}
