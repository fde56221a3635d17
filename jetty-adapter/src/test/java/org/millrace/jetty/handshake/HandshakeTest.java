package org.millrace.jetty.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.millrace.jetty.harness.Bounded;

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
    Bounded.await(60, "what another thread is about to do", condition);
  }

  /** Waits until so many connections have been accepted and their handshakes not been decided. */
  void awaitUndecided(int connections) {
    await(() -> edge.time.pending(config.timeout) == connections);
  }

  /** Waits until so many bytes of heads have been read that are not complete. */
  void awaitReceived(int bytes) {
    await(() -> edge.received() == bytes);
  }
}
