package org.millrace.jetty.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;

/** What tests of handshakes over sockets share: an edge that starts with the first connection. */
abstract class HandshakeTest {
  final TestConfig config = new TestConfig();
  TestEdge edge;

  @AfterEach
  void closeEdge() {
    if (edge != null) {
      edge.close();
    }
  }

  TestEdge start() {
    if (edge == null) {
      edge = new TestEdge(config);
    }
    return edge;
  }

  RawClient connect() {
    return new RawClient(start().port());
  }

  RawClient.Answer answer(Requests request) {
    return answer(request.text());
  }

  /** Answer to a request on a connection of its own, which ends with it unless it is a 101. */
  RawClient.Answer answer(String request) {
    try (RawClient client = connect()) {
      final RawClient.Answer answer = client.send(request).answer();
      if (answer.status() != 101) {
        assertThat(client.read()).as("end of stream after a refusal").isEqualTo(-1);
      }
      return answer;
    }
  }

  static void assertAccepted(RawClient.Answer answer, String subProtocol) {
    assertThat(answer.status()).isEqualTo(101);
    assertThat(answer.values("sec-websocket-protocol")).containsExactly(subProtocol);
  }

  /** Waits for what another thread is about to do. */
  static void await(BooleanSupplier condition) {
    final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - deadline).as("waited too long").isNegative();
      Thread.onSpinWait();
    }
  }
}
