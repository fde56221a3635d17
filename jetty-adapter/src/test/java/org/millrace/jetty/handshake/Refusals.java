package org.millrace.jetty.handshake;

import static org.assertj.core.api.Assertions.assertThat;

/** What refusals look like on the wire. */
final class Refusals {
  private Refusals() {}

  /** The form that every refusal has. */
  static void assertRefused(RawClient.Answer answer, int status) {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.values("connection")).containsExactly("close");
    assertThat(answer.values("content-length")).containsExactly("0");
  }

  /** Refused with 400 and WS-HELP, and nothing else. */
  static void assertHelp(RawClient.Answer answer, String... subProtocols) {
    assertRefused(answer, 400);
    assertThat(answer.values("sec-websocket-protocol")).containsExactly(subProtocols);
    assertThat(answer.values("sec-websocket-version")).containsExactly("13");
    assertThat(answer.fields()).hasSize(subProtocols.length + 3);
  }
}
