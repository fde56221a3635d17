package org.millrace.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.harness.Frames.close;
import static org.millrace.engine.harness.Frames.illegal;
import static org.millrace.engine.harness.Frames.text;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.frame.Role;
import org.millrace.engine.frame.Violation;
import org.millrace.engine.harness.CheckedEngine;
import org.millrace.engine.harness.Peer;
import org.millrace.engine.status.EngineCounter;

/** Failing a connection: Close, flush, end our direction, drain, drop. */
class FailingTest {
  private static ConnectionContext context(Role role) {
    return new ConnectionContext().role(role).keepAliveMechanism(KeepAliveMechanism.NONE);
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void closesThenEndsItsDirectionThenWaitsForTheEnd(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(role));
      peer.says(illegal());
      assertThat(peer.hears()).containsExactly("CLOSE 1002");
      assertThat(peer.wire().calls()).containsExactly("opened", "shutdownOutput");
      peer.wire().endOfInput();
      final ClosedEvent event = peer.closed();
      assertThat(event.initiator()).isEqualTo(Initiator.LOCAL);
      assertThat(event.code()).isEqualTo(1002);
      assertThat(event.reason()).isEqualTo(Violation.RESERVED_OPCODE.text());
      assertThat(event.sentCode()).isEqualTo(1002);
      assertThat(event.violation()).isEqualTo(Violation.RESERVED_OPCODE);
      assertThat(event.clean()).isFalse();
      assertThat(engine.engine().violations(Violation.RESERVED_OPCODE)).isOne();
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void nothingIsInterpretedAfterwardsNotEvenAClose(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(role));
      peer.says(illegal(), text("late"), illegal(), close(1000, "bye"));
      assertThat(peer.hears()).containsExactly("CLOSE 1002");
      peer.says(close(1000, "bye"));
      assertThat(peer.hears()).isEmpty();
      peer.wire().endOfInput();
      assertThat(peer.closed().code()).isEqualTo(1002);
      assertThat(peer.closed().clean()).isFalse();
      assertThat(peer.handler().messages()).isEmpty();
      assertThat(engine.engine().violations(Violation.RESERVED_OPCODE)).isOne();
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void drainsForTwoSeconds(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(role));
      peer.says(illegal());
      engine.step();
      for (int i = 0; i < 19; i++) {
        engine.advanceMillis(100);
        peer.says(text("more"));
      }
      peer.assertOpen();
      engine.advanceMillis(120);
      assertThat(peer.closed().violation()).isEqualTo(Violation.RESERVED_OPCODE);
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void drainsSixtyFourKibibytes(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(role));
      peer.says(illegal());
      engine.step();
      peer.wire().deliver(new byte[65_536]);
      peer.assertOpen();
      peer.wire().deliver(new byte[1]);
      assertThat(peer.closed().violation()).isEqualTo(Violation.RESERVED_OPCODE);
    }
  }

  /** Or the peer would see a reset and never know why. */
  @ParameterizedTest
  @EnumSource(Role.class)
  void closeLeavesHoweverMuchInputFollowsInTheSameCycle(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(role));
      peer.says(illegal());
      for (int i = 0; i < 5; i++) {
        peer.wire().deliver(new byte[16_384]);
      }
      assertThat(peer.hears()).containsExactly("CLOSE 1002");
    }
  }

  @Test
  void closeOfAnApplicationLeavesHoweverMuchInputFollowsThePeersAnswer() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(Role.SERVER));
      peer.says(close(1000));
      for (int i = 0; i < 5; i++) {
        peer.wire().deliver(new byte[16_384]);
      }
      assertThat(peer.hears()).containsExactly("CLOSE 1000");
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void aCloseThatCannotLeaveIsWaitedForOneSecond(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(role));
      peer.wire().block();
      peer.send("in flight");
      engine.step();
      peer.says(illegal());
      engine.advanceMillis(990);
      peer.assertOpen();
      engine.advanceMillis(30);
      final ClosedEvent event = peer.closed();
      assertThat(event.code()).isEqualTo(1002);
      assertThat(event.sentCode()).as("sentCode").isZero();
      assertThat(peer.wire().isOutputShut()).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void aCloseThatLeavesLateIsStillFollowedByTheDrain(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(role));
      peer.wire().block();
      peer.send("in flight");
      engine.step();
      peer.says(illegal());
      engine.advanceMillis(900);
      peer.wire().completeWrite();
      engine.step();
      assertThat(peer.wire().isWriting()).isTrue();
      peer.wire().completeWrite();
      assertThat(peer.hears()).containsExactly("TEXT in flight", "CLOSE 1002");
      assertThat(peer.wire().isOutputShut()).isTrue();
      engine.advanceMillis(1_990);
      peer.assertOpen();
      engine.advanceMillis(30);
      assertThat(peer.closed().sentCode()).isEqualTo(1002);
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void aViolationAfterOurCloseMakesNoSecondOne(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(role));
      engine.engine().close(peer.id(), 1001, "");
      assertThat(peer.hears()).containsExactly("CLOSE 1001");
      peer.says(illegal(), close(1001));
      assertThat(peer.hears()).isEmpty();
      assertThat(peer.wire().isOutputShut()).isTrue();
      peer.wire().endOfInput();
      final ClosedEvent event = peer.closed();
      assertThat(event.sentCode()).isEqualTo(1001);
      assertThat(event.clean()).isFalse();
      assertThat(engine.engine().violations(Violation.RESERVED_OPCODE)).isOne();
    }
  }

  @Test
  void failedConnectionsAreCountedAsFailed() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(Role.SERVER));
      peer.says(illegal());
      engine.step();
      peer.wire().endOfInput();
      peer.closed();
      assertThat(engine.counter(EngineCounter.FAILED_CONNECTIONS)).isOne();
      assertThat(engine.counter(EngineCounter.LOCAL_CLOSED_CONNECTIONS)).isOne();
    }
  }

  @Test
  void tenThousandThatNeverAnswerAreAllReapedByTheDeadline() {
    try (CheckedEngine engine = new CheckedEngine(CheckedEngine.small().maxConnections(10_000))) {
      final ConnectionContext context = context(Role.SERVER).conclude();
      for (int i = 0; i < 10_000; i++) {
        final Peer peer = engine.open(context);
        engine.engine().close(peer.id(), 1000, "");
      }
      engine.step();
      engine.advanceMillis(5_000);
      // One tick cannot hold them all: what does not fit is spread over the next ones.
      engine.advanceMillis(10_000);
      assertThat(engine.closed()).hasSize(10_000);
      assertThat(engine.closed()).allMatch(event -> event.code() == 1006);
    }
  }
}
