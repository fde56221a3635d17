package org.millrace.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeLoadTest {
  private static void load(ScriptedServer server, int clients) throws IOException {
    new HandshakeLoad(server.address(), 3).run(clients);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 20})
  void asManyClientsAsAsked(int clients) throws IOException {
    final AtomicInteger closes = new AtomicInteger();
    try (ScriptedServer server =
        new ScriptedServer(
            ScriptedServer.ACCEPTED,
            (number, echo, output) -> {
              closes.incrementAndGet();
              output.write(echo);
            })) {
      load(server, clients);
    }
    assertThat(closes).hasValue(clients);
  }

  @Test
  void aRefusalIsNoticed() throws IOException {
    try (ScriptedServer server =
        new ScriptedServer("HTTP/1.1 503 Unavailable\r\n\r\n", (number, echo, output) -> {})) {
      assertThatThrownBy(() -> load(server, 5))
          .isInstanceOf(WrongAnswerException.class)
          .hasMessageContaining("503");
    }
  }

  @Test
  void aWrongAcceptIsNoticed() throws IOException {
    try (ScriptedServer server =
        new ScriptedServer(
            ScriptedServer.ACCEPTED.replace("s3p", "S3p"), (number, echo, output) -> {})) {
      assertThatThrownBy(() -> load(server, 1)).isInstanceOf(WrongAnswerException.class);
    }
  }

  @Test
  void anotherCloseIsNoticed() throws IOException {
    try (ScriptedServer server =
        new ScriptedServer(
            ScriptedServer.ACCEPTED,
            (number, echo, output) -> {
              echo[echo.length - 1]++;
              output.write(echo);
            })) {
      assertThatThrownBy(() -> load(server, 1))
          .isInstanceOf(WrongAnswerException.class)
          .hasMessageContaining("880203e9");
    }
  }

  @Test
  void anEndWithoutACloseIsNoticed() throws IOException {
    try (ScriptedServer server =
        new ScriptedServer(ScriptedServer.ACCEPTED, (number, echo, output) -> {})) {
      assertThatThrownBy(() -> load(server, 1)).isInstanceOf(WrongAnswerException.class);
    }
  }

  @Test
  void idleConnectionsHaveHadOneMessageEach() throws IOException {
    try (ScriptedServer server = ScriptedServer.echo();
        IdleLoad idle = new IdleLoad(server.address(), 10, 512)) {
      assertThat(idle.connections()).isEqualTo(10);
    }
  }

  @Test
  void idleConnectionsNoticeAWrongEcho() throws IOException {
    try (ScriptedServer server =
        new ScriptedServer(
            ScriptedServer.ACCEPTED,
            (number, echo, output) -> {
              echo[300]++;
              output.write(echo);
            })) {
      assertThatThrownBy(() -> new IdleLoad(server.address(), 1, 512).close())
          .isInstanceOf(WrongAnswerException.class);
    }
  }
}
