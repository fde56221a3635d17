package org.millrace.jetty.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The HS vectors, byte for byte over sockets, in profile strict. */
class HandshakeVectorsTest {
  @Test
  void hs01BaseRequestIsAccepted() {
    try (TestEdge edge = new TestEdge(new TestConfig());
        RawClient client = new RawClient(edge.port())) {
      final RawClient.Answer answer = client.send(Requests.base().text()).answer();
      assertThat(answer.status()).isEqualTo(101);
      assertThat(answer.reason()).isEqualTo("Switching Protocols");
      assertThat(answer.values("sec-websocket-accept"))
          .containsExactly("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
      assertThat(answer.values("sec-websocket-protocol")).containsExactly("sip");
      assertThat(answer.values("connection")).containsExactly("Upgrade");
      client.send("abc");
      assertThat(client.bytes(3)).asString().isEqualTo("abc");
    }
  }
}
