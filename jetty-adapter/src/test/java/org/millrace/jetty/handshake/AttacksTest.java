package org.millrace.jetty.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.millrace.jetty.handshake.Refusals.assertHelp;
import static org.millrace.jetty.handshake.Refusals.assertRefused;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What others were attacked with, as far as it concerns the handshake. */
class AttacksTest extends HandshakeTest {
  @Test
  void cve202437890TooManyHeadersBeforeUpgrade() {
    final StringBuilder request = new StringBuilder("GET /ws HTTP/1.1\r\nHost: a\r\n");
    for (int i = 0; i < 2000; i++) {
      request.append('h').append(i).append(": 1\r\n");
    }
    assertRefused(answer(request + "Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n"), 431);
    assertAccepted(answer(Requests.base()), "sip");
  }

  @Test
  void cve202132640BlanksInTheSubProtocolTakeLinearTime() {
    final String value = "b" + " ".repeat(12_000) + "x";
    assertHelp(answer(Requests.base().with("Sec-WebSocket-Protocol", value)), "sip");
    // Longer than a head may be: straight at the code that splits it.
    final String huge = "b" + " ".repeat(3_200_000) + "x";
    final RequestHead head =
        new RequestHead(
            "GET",
            RequestTarget.parse("/ws").orElseThrow(),
            1,
            1,
            java.util.Optional.empty(),
            List.of(new RequestHead.Field("sec-websocket-protocol", huge)));
    assertThat(head.members("sec-websocket-protocol")).containsExactly(huge);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a; b=\"", "a; b=\"\\", "a; b=\"c", "a;", ";", "a b", "a; b=", "\"a\""})
  void cve20207663ExtensionsOutOfGrammar(String value) {
    assertRefused(answer(Requests.base().plus("Sec-WebSocket-Extensions: " + value)), 400);
  }

  @Test
  void extensionsTakeLinearTime() {
    final String open = "a; b=\"" + "\\".repeat(3_200_000);
    final String many = "a; b=\"c\" , ".repeat(300_000);
    assertThat(Extensions.areWellFormed(open)).isFalse();
    assertThat(Extensions.areWellFormed(many)).isTrue();
  }

  @Test
  void silentConnectionsDoNotKeepOthersOut() {
    start();
    final List<RawClient> silent = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      silent.add(connect().send("GET /ws HTTP/1.1\r\n"));
    }
    assertAccepted(answer(Requests.base()), "sip");
    silent.forEach(RawClient::close);
    await(() -> edge.limits.connections() == 0);
  }

  @Test
  void refusedBytesAreNeverAnotherRequest() {
    final String second = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
    assertRefused(answer(Requests.base().line("GET /nope HTTP/1.1").text() + second), 404);
  }

  @Test
  void resetInTheMiddleIsQuiet() throws Exception {
    for (int i = 0; i < 50; i++) {
      final RawClient client = connect();
      client.socket().setSoLinger(true, 0);
      client.send("GET /ws HTTP/1.1\r\nHost").close();
    }
    await(() -> edge.limits.connections() == 0);
    assertThatCode(() -> assertAccepted(answer(Requests.base()), "sip")).doesNotThrowAnyException();
    assertThat(edge.counters.failedHandshakes(RefusalReason.INTERNAL)).isZero();
  }
}
