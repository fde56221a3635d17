package org.millrace.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.harness.Frames.close;
import static org.millrace.engine.harness.Frames.ping;
import static org.millrace.engine.harness.Frames.text;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.EngineContext;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.frame.Role;
import org.millrace.engine.harness.ActingHandler;
import org.millrace.engine.harness.CheckedEngine;
import org.millrace.engine.harness.Peer;
import org.millrace.engine.status.EngineCounter;

/** Control frames among queued data, and what the pool of buffers does to both. */
class ControlFrameOrderTest {
  private static ConnectionContext context(Role role) {
    return new ConnectionContext().role(role).keepAliveMechanism(KeepAliveMechanism.NONE);
  }

  private static String pong(int length, char c) {
    final String payload = length > 64 ? length + " bytes" : String.valueOf(c).repeat(length);
    return ("PONG " + payload).strip();
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void aPongOvertakesDataBehindABlockedWrite(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(role));
      peer.wire().block();
      peer.send("in flight");
      engine.step();
      peer.send("queued");
      engine.step();
      peer.says(ping("?"));
      engine.step();
      peer.wire().unblock().completeWrite();
      assertThat(peer.hears()).containsExactly("TEXT in flight", "PONG ?", "TEXT queued");
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void onlyTheNewestPongWaitsBehindABlockedWrite(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(role));
      peer.wire().block();
      peer.says(ping("in flight"));
      engine.step();
      for (int i = 0; i < 10; i++) {
        peer.says(ping("x".repeat(i)), ping("number " + i));
        engine.step();
      }
      peer.wire().unblock().completeWrite();
      assertThat(peer.hears()).containsExactly("PONG in flight", "PONG number 9");
      peer.says(ping("a"), ping("b"), ping("c"));
      assertThat(peer.hears()).containsExactly("PONG a", "PONG b", "PONG c");
    }
  }

  /** Pongs of any length, a keep-alive ping and a Close share the room in front of the data. */
  @ParameterizedTest
  @CsvSource({
    "SERVER, 125, 125", "SERVER, 0, 125", "SERVER, 125, 0", "SERVER, 7, 64",
    "CLIENT, 125, 125", "CLIENT, 0, 125", "CLIENT, 125, 0", "CLIENT, 7, 64"
  })
  void pongsPingsAndACloseFitInFrontOfData(Role role, int first, int second) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer =
          engine.open(
              context(role)
                  .keepAliveMechanism(KeepAliveMechanism.PING)
                  .keepAliveData(new byte[125])
                  .keepAliveTimeout(Duration.ofSeconds(1))
                  .keepAliveJitter(0)
                  .pongTimeout(Duration.ofSeconds(1))
                  .sendTimeout(Duration.ofSeconds(60)));
      peer.wire().block();
      peer.send("in flight");
      engine.step();
      peer.send("queued");
      peer.says(ping("1".repeat(first))); // pong, then the keep-alive's ping, then another pong
      engine.advanceMillis(1_050);
      peer.says(ping("2".repeat(second)));
      engine.step();
      engine.advanceMillis(1_050); // something was heard, so there is a second keep-alive ping
      engine.engine().close(peer.id(), 1000, "r".repeat(123));
      engine.step();
      peer.wire().unblock().completeWrite();
      assertThat(peer.hears())
          .containsExactly(
              "TEXT in flight",
              pong(second, '2'),
              "PING 125 bytes",
              "TEXT queued",
              "CLOSE 1000 " + "r".repeat(123));
      assertThat(engine.counter(EngineCounter.PINGS_SENT)).isEqualTo(2);
      peer.says(close(1000));
      peer.wire().endOfInput();
      assertThat(peer.closed().clean()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({"SERVER, 125", "SERVER, 3", "CLIENT, 125", "CLIENT, 3"})
  void aPingThatComesBeforeThePongKeepsItsBytes(Role role, int length) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final byte[] data = new byte[length];
      Arrays.fill(data, (byte) 'k');
      final Peer peer =
          engine.open(
              context(role)
                  .keepAliveMechanism(KeepAliveMechanism.PING)
                  .keepAliveData(data)
                  .keepAliveTimeout(Duration.ofSeconds(1))
                  .keepAliveJitter(0)
                  .pongTimeout(Duration.ofSeconds(1))
                  .sendTimeout(Duration.ofSeconds(60)));
      peer.wire().block();
      peer.send("in flight");
      engine.step();
      engine.advanceMillis(1_050);
      peer.says(ping("short"));
      engine.step();
      peer.says(ping("p".repeat(125)));
      engine.step();
      peer.says(ping("p".repeat(50)));
      peer.send("queued");
      engine.step();
      peer.wire().unblock().completeWrite();
      assertThat(peer.hears())
          .containsExactly(
              "TEXT in flight",
              pong(50, 'p'),
              length > 64 ? "PING " + length + " bytes" : "PING kkk",
              "TEXT queued");
    }
  }

  @ParameterizedTest
  @CsvSource({"SERVER, 125", "SERVER, 3", "CLIENT, 125", "CLIENT, 3"})
  void aPongThatComesBeforeThePingKeepsItsBytes(Role role, int length) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer =
          engine.open(
              context(role)
                  .keepAliveMechanism(KeepAliveMechanism.PING)
                  .keepAliveData("keep-alive".getBytes(StandardCharsets.US_ASCII))
                  .keepAliveTimeout(Duration.ofSeconds(1))
                  .keepAliveJitter(0)
                  .sendTimeout(Duration.ofSeconds(60)));
      peer.wire().block();
      peer.send("in flight");
      engine.step();
      peer.says(ping("p".repeat(length)));
      engine.advanceMillis(1_050);
      peer.wire().unblock().completeWrite();
      assertThat(peer.hears())
          .containsExactly("TEXT in flight", pong(length, 'p'), "PING keep-alive");
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void messagesOfAllLengthsKeepOrderAndBytesWhileTheBatchGrows(Role role) {
    final Random random = new Random(7);
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(role));
      final List<String> expected = new ArrayList<>();
      for (int round = 0; round < 50; round++) {
        peer.wire().block();
        for (int i = random.nextInt(12); i >= 0; i--) {
          final int length = random.nextBoolean() ? random.nextInt(64) : random.nextInt(9_000);
          final String text = String.valueOf((char) ('a' + random.nextInt(26))).repeat(length);
          peer.send(text);
          expected.add(
              length > 64 ? "TEXT " + length + " bytes" : length == 0 ? "TEXT" : "TEXT " + text);
          if (random.nextInt(3) == 0) {
            engine.step();
          }
        }
        engine.step();
        while (peer.wire().isWriting()) {
          peer.wire().completeWrite();
          engine.step();
        }
      }
      assertThat(peer.hears()).isEqualTo(expected);
      assertThat(engine.counter(EngineCounter.POOLED_BYTES_IN_USE)).isZero();
    }
  }

  /** 96 KiB of pooled buffers for the whole engine, and a peer that makes use of 64 of them. */
  private static EngineContext littleMemory() {
    return CheckedEngine.small().bufferMemoryLimit(98_304).bufferMemoryRetained(65_536);
  }

  private static ConnectionContext fitsLittleMemory() {
    return context(Role.SERVER).sendQueueHardLimit(65_000).sendQueueHighMark(60_000);
  }

  private static void hoard(CheckedEngine engine, Peer greedy) {
    greedy.wire().block();
    for (int i = 0; i < 7; i++) {
      greedy.send(new byte[8_000]);
      if (i == 3) {
        engine.step();
      }
    }
    engine.step();
    assertThat(engine.counter(EngineCounter.POOLED_BYTES_IN_USE)).isEqualTo(65_536);
  }

  private static int send(Connection connection, int length) {
    return connection.send(Opcode.BINARY, new UnsafeBuffer(new byte[length]), 0, length);
  }

  @Test
  void withoutBuffersASendIsRefusedAndWorksAgainWhenThereAreSome() {
    try (CheckedEngine engine = new CheckedEngine(littleMemory())) {
      final ConnectionContext context = fitsLittleMemory().conclude();
      final Peer greedy = engine.open(context);
      final List<Integer> results = new ArrayList<>();
      final Peer peer =
          engine.open(
              context, new ActingHandler().on("message", c -> results.add(send(c, 40_000))));
      hoard(engine, greedy);
      peer.says(text("try"), ping("still there?"));
      assertThat(peer.hears()).containsExactly("PONG still there?");
      assertThat(results).containsExactly(SendResult.BACK_PRESSURED);
      assertThat(engine.counter(EngineCounter.BACK_PRESSURED_SENDS)).isOne();
      greedy.wire().unblock().completeWrite();
      engine.step();
      peer.says(text("try again"));
      assertThat(peer.hears()).containsExactly("BINARY 40000 bytes");
      assertThat(results).containsExactly(SendResult.BACK_PRESSURED, SendResult.SENT);
      assertThat(greedy.hears()).hasSize(7);
    }
  }

  /** "An accepted message is lost only if the connection ends" (Engine.send). */
  @Test
  void aMessageAcceptedFromAnotherThreadIsNotLostForWantOfBuffersOnAnOpenConnection() {
    try (CheckedEngine engine = new CheckedEngine(littleMemory())) {
      final ConnectionContext context = fitsLittleMemory().conclude();
      final Peer greedy = engine.open(context);
      final Peer peer = engine.open(context);
      hoard(engine, greedy);
      assertThat(peer.send(new byte[40_000])).isEqualTo(SendResult.SENT);
      engine.step();
      greedy.wire().unblock().completeWrite();
      final List<String> heard = peer.hears();
      if (peer.connection().state() == ConnectionState.OPEN) {
        assertThat(heard).containsExactly("BINARY 40000 bytes");
      }
    }
  }

  /** The room in front of the data is part of what the hard limit needs. */
  @Test
  void whatTheHardLimitAllowsCanBeQueuedBehindABlockedWrite() {
    try (CheckedEngine engine = new CheckedEngine(littleMemory())) {
      final List<Integer> results = new ArrayList<>();
      final Peer peer =
          engine.open(
              fitsLittleMemory(),
              new ActingHandler().on("message", c -> results.add(send(c, 64_900))));
      peer.wire().block();
      peer.send("x");
      engine.step();
      peer.says(text("now"));
      engine.step();
      assertThat(results).containsExactly(SendResult.CONGESTED);
    }
  }
}
