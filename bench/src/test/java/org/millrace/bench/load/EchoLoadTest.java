package org.millrace.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that would let a wrong answer pass would make wrong servers look fast. */
class EchoLoadTest {
  private static final int PAYLOAD = 512;
  private static final int HEADER = 4;
  private static final Duration TURN = Duration.ofMillis(200);

  /** Long enough for every fault to be noticed, however slow the machine is. */
  private static final Duration UNTIL_NOTICED = Duration.ofMinutes(2);

  /** Runs a load of 2 connections with some messages each until its turn is over. */
  private static long load(ScriptedServer.Script script, int outstanding) throws IOException {
    return load(script, outstanding, TURN);
  }

  /** Runs a load until it fails. */
  private static void loadUntilNoticed(ScriptedServer.Script script, int outstanding)
      throws IOException {
    load(script, outstanding, UNTIL_NOTICED);
  }

  private static long load(ScriptedServer.Script script, int outstanding, Duration time)
      throws IOException {
    try (ScriptedServer server = new ScriptedServer(ScriptedServer.ACCEPTED, script);
        EchoLoad load = new EchoLoad(server.address(), 2, outstanding, PAYLOAD)) {
      return load.run(time);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 16})
  void countsEchoes(int outstanding) throws IOException {
    assertThat(load((number, echo, output) -> output.write(echo), outstanding)).isPositive();
  }

  @Test
  void aTurnCountsOnlyItsOwnMessages() throws IOException {
    final long[] echoed = new long[1];
    try (ScriptedServer server =
            new ScriptedServer(
                ScriptedServer.ACCEPTED,
                (number, echo, output) -> {
                  synchronized (echoed) {
                    echoed[0]++;
                  }
                  output.write(echo);
                });
        EchoLoad load = new EchoLoad(server.address(), 1, 4, PAYLOAD)) {
      final long counted = load.run(TURN) + load.run(TURN);
      synchronized (echoed) {
        assertThat(echoed[0] - counted).isBetween(0L, 4L);
      }
    }
  }

  @Test
  void answersInAnyPiecesAreRight() throws IOException {
    final ScriptedServer.Script inPieces =
        (number, echo, output) -> {
          final int cut = number * 37 % echo.length;
          output.write(echo, 0, cut);
          output.flush();
          output.write(echo, cut, echo.length - cut);
        };
    assertThat(load(inPieces, 16)).isPositive();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, HEADER, HEADER + 100, HEADER + PAYLOAD - 1})
  void aChangedByteIsNoticed(int at) {
    final ScriptedServer.Script changed =
        (number, echo, output) -> {
          if (number == 20) {
            echo[at] ^= 1;
          }
          output.write(echo);
        };
    assertThatThrownBy(() -> loadUntilNoticed(changed, 16))
        .isInstanceOf(WrongAnswerException.class)
        .hasMessageContaining("answer 20 ")
        .hasMessageContaining(
            at < HEADER
                ? "byte " + at + " of the header"
                : "byte " + (at - HEADER) + " of the text");
  }

  @Test
  void aDroppedByteIsNoticed() {
    assertThatThrownBy(
            () ->
                loadUntilNoticed(
                    (number, echo, output) ->
                        output.write(number == 5 ? Arrays.copyOf(echo, 300) : echo),
                    16))
        .isInstanceOf(WrongAnswerException.class)
        .hasMessageContaining("answer 5 ");
  }

  @Test
  void aDroppedMessageIsNoticed() {
    assertThatThrownBy(
            () ->
                loadUntilNoticed(
                    (number, echo, output) -> {
                      if (number != 7) {
                        output.write(echo);
                      }
                    },
                    16))
        .isInstanceOf(WrongAnswerException.class)
        .hasMessageContaining("answer 7 ");
  }

  @Test
  void aDoubledMessageIsNoticed() {
    assertThatThrownBy(
            () ->
                loadUntilNoticed(
                    (number, echo, output) -> {
                      output.write(echo);
                      output.write(echo);
                    },
                    1))
        .isInstanceOf(WrongAnswerException.class);
  }

  @Test
  void silenceIsNoticed() throws IOException {
    try (ScriptedServer server =
            new ScriptedServer(ScriptedServer.ACCEPTED, (number, echo, output) -> {});
        EchoLoad load = new EchoLoad(server.address(), 2, 1, PAYLOAD, TURN)) {
      assertThatThrownBy(() -> load.run(TURN))
          .isInstanceOf(WrongAnswerException.class)
          .hasMessageContaining("no message was answered");
    }
  }

  @Test
  void anEndIsNoticed() {
    assertThatThrownBy(
            () ->
                loadUntilNoticed(
                    (number, echo, output) -> {
                      throw new IOException("gone");
                    },
                    1))
        .isInstanceOfAny(EOFException.class, java.net.SocketException.class);
  }

  @Test
  void moreOutstandingThanThereAreMessagesIsRefused() {
    assertThatThrownBy(() -> load((number, echo, output) -> {}, 17))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
