package org.millrace.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.harness.Frames.ping;
import static org.millrace.engine.harness.Frames.text;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.frame.Role;
import org.millrace.engine.frame.Violation;
import org.millrace.engine.harness.ActingHandler;
import org.millrace.engine.harness.CheckedEngine;
import org.millrace.engine.harness.Peer;
import org.millrace.engine.status.EngineCounter;

/** Limits of the send queue, and who is told of them. */
class SendQueueTest {
  private static final int HIGH_MARK = 1_000;
  private static final int HARD_LIMIT = 4_000;

  private static ConnectionContext context(Role role) {
    return new ConnectionContext()
        .role(role)
        .keepAliveMechanism(KeepAliveMechanism.NONE)
        .sendQueueHighMark(HIGH_MARK)
        .sendQueueHardLimit(HARD_LIMIT);
  }

  private static int send(Connection connection, int length) {
    return connection.send(Opcode.BINARY, new UnsafeBuffer(new byte[length]), 0, length);
  }

  /** Runs {@code action} within a callback of the peer's connection. */
  private static void within(CheckedEngine engine, Peer peer, Consumer<Connection> action) {
    ((ActingHandler) peer.handler()).on("message", action);
    peer.says(text("now"));
    engine.step();
  }

  private static Peer open(CheckedEngine engine, ConnectionContext context) {
    return engine.open(context, new ActingHandler());
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void oneWriteTakesAllThatWasSentInACycle(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = open(engine, context(role));
      peer.send("a");
      peer.says(ping("1"));
      peer.send("b");
      peer.says(ping("2"));
      assertThat(peer.hears()).containsExactly("TEXT a", "PONG 1", "TEXT b", "PONG 2");
      assertThat(peer.wire().writes()).hasSize(1);
      assertThat(engine.counter(EngineCounter.WRITES)).isOne();
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void nothingIsWrittenWhileAWriteIsInFlight(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = open(engine, context(role));
      peer.wire().block();
      for (final String text : List.of("a", "b", "c", "d")) {
        peer.send(text);
        engine.step();
      }
      assertThat(peer.wire().writes()).hasSize(1);
      assertThat(peer.connection().queuedBytes()).isEqualTo(4 * (role == Role.SERVER ? 3 : 7));
      peer.wire().completeWrite();
      engine.step();
      assertThat(peer.wire().writes()).hasSize(2);
      peer.wire().completeWrite();
      assertThat(peer.hears()).containsExactly("TEXT a", "TEXT b", "TEXT c", "TEXT d");
      assertThat(peer.connection().queuedBytes()).isZero();
    }
  }

  @Test
  void congestedAboveTheHighMarkAndWritableBelowHalfOfIt() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = open(engine, context(Role.SERVER));
      final List<Integer> results = new ArrayList<>();
      peer.wire().block();
      within(
          engine,
          peer,
          c -> {
            results.add(send(c, 496)); // in flight with 500 bytes
            c.send(Opcode.TEXT, new UnsafeBuffer(new byte[0]), 0, 0);
          });
      assertThat(results).containsExactly(SendResult.SENT);
      results.clear();
      within(
          engine,
          peer,
          c -> {
            results.add(send(c, 490)); // 502 + 494
            results.add(send(c, 2)); // 1000: at the mark
            results.add(send(c, 0)); // 1002: above
            results.add(send(c, 0));
          });
      assertThat(results)
          .containsExactly(
              SendResult.SENT, SendResult.SENT, SendResult.CONGESTED, SendResult.CONGESTED);
      assertThat(peer.handler().calls()).doesNotContain("writable");
      peer.wire().completeWrite();
      engine.step();
      // 502 of 1004 are left, which is more than half of the mark
      assertThat(peer.handler().calls()).doesNotContain("writable");
      peer.wire().unblock().completeWrite();
      engine.step();
      assertThat(peer.handler().calls()).containsOnlyOnce("writable");
      assertThat(peer.hears()).hasSize(6);
    }
  }

  @Test
  void neverCongestedWhileTheTransportTakesEverything() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = open(engine, context(Role.SERVER));
      final List<Integer> results = new ArrayList<>();
      within(
          engine,
          peer,
          c -> {
            for (int i = 0; i < 100; i++) {
              results.add(send(c, 3_000));
            }
          });
      assertThat(results).hasSize(100).containsOnly(SendResult.SENT);
      assertThat(peer.hears()).hasSize(100);
      assertThat(peer.handler().calls()).doesNotContain("writable");
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void closesASlowConsumerAtTheHardLimit(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = open(engine, context(role));
      peer.wire().block();
      peer.send(new byte[900]);
      engine.step();
      final List<Integer> results = new ArrayList<>();
      within(
          engine,
          peer,
          c -> {
            for (int i = 0; i < 5; i++) {
              results.add(send(c, 900));
            }
          });
      assertThat(results)
          .containsExactly(
              SendResult.CONGESTED,
              SendResult.CONGESTED,
              SendResult.CONGESTED,
              SendResult.SLOW_CONSUMER,
              SendResult.NOT_OPEN);
      assertThat(peer.connection().state()).isEqualTo(ConnectionState.CLOSING);
      peer.wire().unblock().completeWrite();
      assertThat(peer.hears()).hasSize(2).endsWith("CLOSE 1008");
      peer.wire().endOfInput();
      final ClosedEvent event = peer.closed();
      assertThat(event.violation()).isEqualTo(Violation.SLOW_CONSUMER);
      assertThat(event.code()).isEqualTo(1008);
      assertThat(engine.engine().violations(Violation.SLOW_CONSUMER)).isOne();
      assertThat(engine.counter(EngineCounter.DISCARDED_MESSAGES)).isEqualTo(3);
    }
  }

  @Test
  void takesExactlyTheHardLimit() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = open(engine, context(Role.SERVER));
      peer.wire().block();
      peer.send("in flight");
      engine.step();
      final int left = HARD_LIMIT - peer.connection().queuedBytes();
      final List<Integer> results = new ArrayList<>();
      within(
          engine,
          peer,
          c -> {
            results.add(send(c, left - 4));
            results.add(send(c, 0));
          });
      assertThat(results).containsExactly(SendResult.CONGESTED, SendResult.SLOW_CONSUMER);
    }
  }

  @Test
  void closesASlowConsumerAtTheMostMessages() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = open(engine, context(Role.SERVER).sendQueueMaxMessages(3));
      peer.wire().block();
      peer.send("1");
      engine.step();
      final List<Integer> results = new ArrayList<>();
      within(
          engine,
          peer,
          c -> {
            for (int i = 0; i < 3; i++) {
              results.add(send(c, 1));
            }
          });
      assertThat(results)
          .containsExactly(SendResult.SENT, SendResult.SENT, SendResult.SLOW_CONSUMER);
    }
  }

  @Test
  void controlFramesDoNotCountAsMessages() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = open(engine, context(Role.SERVER).sendQueueMaxMessages(2));
      peer.wire().block();
      peer.says(ping("in flight"));
      engine.step();
      peer.says(ping("queued"));
      peer.send("1");
      peer.send("2");
      engine.step();
      peer.wire().unblock().completeWrite();
      assertThat(peer.hears()).containsExactly("PONG in flight", "PONG queued", "TEXT 1", "TEXT 2");
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void refusesWhatTheQueueCouldNeverTake(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = open(engine, context(role));
      final int header = role == Role.SERVER ? 4 : 8;
      final List<Integer> results = new ArrayList<>();
      within(
          engine,
          peer,
          c -> {
            results.add(send(c, HARD_LIMIT - header));
            results.add(send(c, HARD_LIMIT - header + 1));
          });
      assertThat(results).containsExactly(SendResult.SENT, SendResult.TOO_LONG);
      assertThat(peer.hears()).containsExactly("BINARY " + (HARD_LIMIT - header) + " bytes");
      peer.assertOpen();
    }
  }

  @Test
  void aSlowConsumerFoundOutByAnotherThreadsMessageIsClosedAllTheSame() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = open(engine, context(Role.SERVER));
      peer.wire().block();
      for (int i = 0; i < 6; i++) {
        // What the shard finds out about the queue comes back with later messages.
        assertThat(peer.send(new byte[900]))
            .isEqualTo(i < 2 ? SendResult.SENT : SendResult.CONGESTED);
        engine.step();
      }
      peer.wire().unblock().completeWrite();
      assertThat(peer.hears()).hasSize(2).endsWith("CLOSE 1008");
      assertThat(engine.counter(EngineCounter.DROPPED_SENDS)).isEqualTo(2);
    }
  }

  @Test
  void otherThreadsAreToldOfCongestionUntilItIsOver() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = open(engine, context(Role.SERVER));
      peer.wire().block();
      assertThat(peer.send(new byte[HIGH_MARK + 1])).isEqualTo(SendResult.SENT);
      engine.step();
      assertThat(peer.send("more")).isEqualTo(SendResult.CONGESTED);
      engine.step();
      peer.wire().unblock().completeWrite();
      engine.step();
      assertThat(peer.send("more")).isEqualTo(SendResult.SENT);
      assertThat(peer.hears()).hasSize(3);
    }
  }

  @Test
  void oneSlowConsumerCostsTheOthersNothing() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer slow = open(engine, context(Role.SERVER));
      final Peer other = open(engine, context(Role.SERVER));
      slow.wire().block();
      for (int i = 0; i < 10; i++) {
        slow.send(new byte[900]);
        other.send("x");
        assertThat(other.hears()).containsExactly("TEXT x");
      }
    }
  }

  @Test
  void aSendWithBadBoundsLeavesNothingBehind() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = open(engine, context(Role.SERVER));
      final List<RuntimeException> thrown = new ArrayList<>();
      within(
          engine,
          peer,
          c -> {
            try {
              c.send(Opcode.TEXT, new UnsafeBuffer(new byte[10]), 5, 10);
            } catch (IndexOutOfBoundsException e) {
              thrown.add(e);
            }
          });
      assertThat(thrown).hasSize(1);
      assertThat(engine.counter(EngineCounter.POOLED_BYTES_IN_USE)).isZero();
      assertThat(peer.connection().queuedBytes()).isZero();
      peer.send("good");
      assertThat(peer.hears()).containsExactly("TEXT good");
    }
  }

  /** A flush in the middle of the cycle leaves the connection dirty with nothing to write. */
  @Test
  void aSendWithBadBoundsMakesNoEmptyWrite() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = open(engine, context(Role.SERVER));
      within(
          engine,
          peer,
          c -> {
            send(c, HIGH_MARK + 1);
            try {
              c.send(Opcode.TEXT, new UnsafeBuffer(new byte[10]), 5, 10);
            } catch (IndexOutOfBoundsException e) {
              assertThat(e).isNotNull();
            }
          });
      assertThat(peer.wire().writes()).containsExactly(HIGH_MARK + 5);
      peer.assertOpen();
    }
  }

  @Test
  void bytesOfAFailedWriteAreNotCountedAsTransmitted() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = open(engine, context(Role.SERVER));
      peer.wire().block();
      peer.send("lost");
      engine.step();
      peer.wire().failWrite(new IOException("broken pipe"));
      peer.closed();
      assertThat(engine.counter(EngineCounter.TRANSMITTED_BYTES)).isZero();
    }
  }

  @Test
  void aFailedWriteMakesNothingWritable() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = open(engine, context(Role.SERVER));
      peer.wire().block();
      peer.send(new byte[HIGH_MARK + 1]);
      engine.step();
      peer.wire().failWrite(new IOException("broken pipe"));
      peer.closed();
      assertThat(peer.handler().calls()).doesNotContain("writable");
    }
  }
}
