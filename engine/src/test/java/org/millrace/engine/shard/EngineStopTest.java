package org.millrace.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.harness.Frames.close;
import static org.millrace.engine.harness.Frames.text;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.connection.ClosedEvent;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.Inbound;
import org.millrace.engine.connection.Initiator;
import org.millrace.engine.connection.KeepAliveMechanism;
import org.millrace.engine.connection.SendResult;
import org.millrace.engine.frame.Role;
import org.millrace.engine.harness.ActingHandler;
import org.millrace.engine.harness.CheckedEngine;
import org.millrace.engine.harness.Peer;
import org.millrace.engine.harness.RecordingHandler;
import org.millrace.engine.harness.TestEngine;
import org.millrace.engine.harness.TestWire;
import org.millrace.engine.status.EngineCounter;

/** Stopping: 1001 to all, a bounded time, and then nothing is left. */
class EngineStopTest {
  private static ConnectionContext context(Role role) {
    return new ConnectionContext().role(role).keepAliveMechanism(KeepAliveMechanism.NONE);
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void closesWithGoingAwayAndStopsWhenAllHaveAnswered(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer first = engine.open(context(role));
      final Peer second = engine.open(context(role));
      engine.engine().stop();
      assertThat(first.hears()).containsExactly("CLOSE 1001");
      assertThat(second.hears()).containsExactly("CLOSE 1001");
      first.says(close(1001));
      first.wire().endOfInput();
      engine.step();
      assertThat(engine.engine().isStopped()).isFalse();
      second.says(close(1001));
      second.wire().endOfInput();
      engine.step();
      assertThat(engine.engine().isStopped()).isTrue();
      assertThat(first.closed().clean()).isTrue();
      assertThat(second.closed().initiator()).isEqualTo(Initiator.LOCAL);
    }
  }

  @Test
  void anEngineWithoutConnectionsStopsAtOnce() {
    try (CheckedEngine engine = new CheckedEngine()) {
      engine.engine().stop();
      assertThat(engine.engine().isStopped()).isFalse();
      engine.step();
      assertThat(engine.engine().isStopped()).isTrue();
      assertThat(engine.engine().doWork()).isZero();
      engine.engine().stop();
      engine.engine().close();
      engine.engine().close();
    }
  }

  @Test
  void opensNothingAnyMore() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(Role.SERVER));
      engine.engine().stop();
      final TestWire wire = new TestWire();
      final RecordingHandler handler = new RecordingHandler();
      final ConnectionContext context = context(Role.SERVER).conclude();
      assertThat(engine.engine().open(context, wire, handler)).isFalse();
      engine.step();
      assertThat(wire.inbound()).as("attached").isNull();
      assertThat(handler.calls()).isEmpty();
      assertThat(engine.counter(EngineCounter.REFUSED_CONNECTIONS)).isOne();
      peer.says(close(1001));
      peer.wire().endOfInput();
      engine.step();
      assertThat(engine.engine().isStopped()).isTrue();
      assertThat(engine.engine().open(context, wire, handler)).isFalse();
    }
  }

  /** Taken over before the stop, opened by the shard after it. */
  @Test
  void aConnectionThatWasAboutToOpenIsOpenedAndClosed() {
    try (TestEngine engine = new TestEngine(CheckedEngine.small())) {
      final TestWire wire = new TestWire();
      final RecordingHandler handler = new RecordingHandler();
      engine.engine().open(context(Role.SERVER).conclude(), wire, handler);
      engine.engine().stop();
      engine.step();
      assertThat(engine.engine().isStopped()).isFalse();
      assertThat(handler.calls()).containsExactly("opened", "closing");
      wire.endOfInput();
      engine.step();
      assertThat(handler.closedOnce().sentCode()).isEqualTo(1001);
      assertThat(engine.engine().isStopped()).isTrue();
    }
  }

  @Test
  void thousandsAreClosedInBatches() {
    try (CheckedEngine engine = new CheckedEngine(CheckedEngine.small().maxConnections(3_000))) {
      final ConnectionContext context = context(Role.SERVER).conclude();
      final List<Peer> peers = new ArrayList<>();
      for (int i = 0; i < 3_000; i++) {
        peers.add(engine.open(context));
      }
      engine.engine().stop();
      int cycles = 0;
      int before = 0;
      while (before < peers.size()) {
        engine.engine().doWork();
        final int closes =
            (int) peers.stream().filter(peer -> !peer.wire().writes().isEmpty()).count();
        assertThat(closes - before).as("closes in one cycle").isBetween(1, 256);
        before = closes;
        cycles++;
      }
      assertThat(cycles).isGreaterThan(10);
      for (final Peer peer : peers) {
        peer.says(close(1001));
        peer.wire().endOfInput();
      }
      engine.step();
      assertThat(engine.engine().isStopped()).isTrue();
    }
  }

  @Test
  void whatWasAcceptedBeforeTheStopGoesOutFirst() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(Role.SERVER));
      peer.send("last words");
      engine.engine().stop();
      assertThat(peer.hears()).containsExactly("TEXT last words", "CLOSE 1001");
    }
  }

  @Test
  void peersThatDoNotAnswerAreWaitedForAsEver() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(Role.SERVER));
      engine.engine().stop();
      engine.advanceMillis(4_980);
      assertThat(engine.engine().isStopped()).isFalse();
      engine.advanceMillis(60);
      assertThat(engine.engine().isStopped()).isTrue();
      assertThat(peer.closed().code()).isEqualTo(1006);
    }
  }

  @Test
  void stopTimeoutIsTheLongestOfAll() {
    try (CheckedEngine engine =
        new CheckedEngine(CheckedEngine.small().stopTimeout(Duration.ofSeconds(2)))) {
      final ConnectionContext patient =
          context(Role.SERVER)
              .closeTimeout(Duration.ofMinutes(10))
              .sendTimeout(Duration.ofMinutes(10))
              .conclude();
      final Peer silent = engine.open(patient);
      final Peer blocked = engine.open(patient);
      blocked.wire().block();
      blocked.send("in flight");
      engine.step();
      engine.engine().stop();
      engine.advanceMillis(1_980);
      assertThat(engine.engine().isStopped()).isFalse();
      silent.assertOpen();
      engine.advanceMillis(40);
      assertThat(engine.engine().isStopped()).isTrue();
      assertThat(silent.closed().sentCode()).isEqualTo(1001);
      final ClosedEvent event = blocked.closed();
      assertThat(event.initiator()).isEqualTo(Initiator.LOCAL);
      assertThat(event.sentCode()).isZero();
    }
  }

  @Test
  void closeDoesNotWaitForThoseThatDoNotMoveWhenNobodyElseMovesTheClock() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(Role.SERVER));
      engine.engine().close();
      assertThat(engine.engine().isStopped()).isTrue();
      assertThat(peer.closed().sentCode()).isEqualTo(1001);
    }
  }

  @Test
  void stopWithinACallback() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer =
          engine.open(
              context(Role.SERVER), new ActingHandler().on("message", c -> engine.engine().stop()));
      peer.says(text("stop"));
      assertThat(peer.hears()).containsExactly("CLOSE 1001");
      peer.says(close(1001));
      peer.wire().endOfInput();
      engine.step();
      assertThat(engine.engine().isStopped()).isTrue();
    }
  }

  @Test
  void aStoppedEngineTakesNothing() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(Role.SERVER));
      engine.engine().close();
      assertThat(peer.wire().deliver(peer.bytes(text("late")))).isEqualTo(Inbound.CLOSED);
      assertThat(peer.send("late")).isEqualTo(SendResult.NOT_OPEN);
      assertThat(engine.engine().close(peer.id(), 1000, "")).isFalse();
      peer.wire().endOfInput();
      assertThat(engine.engine().doWork()).isZero();
    }
  }

  /** Pooled bytes are counted to the end, or an operator sees a leak in the last figures. */
  @Test
  void countersOfAStoppedEngineAreThoseOfItsEnd() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(Role.SERVER));
      peer.wire().block();
      engine.engine().stop();
      engine.step();
      assertThat(engine.counter(EngineCounter.POOLED_BYTES_IN_USE)).isPositive();
      peer.wire().completeWrite();
      peer.wire().endOfInput();
      engine.step();
      assertThat(engine.engine().isStopped()).isTrue();
      assertThat(engine.counter(EngineCounter.POOLED_BYTES_IN_USE)).isZero();
      assertThat(engine.counter(EngineCounter.POOLED_BYTES)).isZero();
      assertThat(engine.counter(EngineCounter.CURRENT_CONNECTIONS)).isZero();
    }
  }
}
