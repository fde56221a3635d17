package org.millrace.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.harness.Frames.continuation;
import static org.millrace.engine.harness.Frames.ping;
import static org.millrace.engine.harness.Frames.text;

import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.frame.Role;
import org.millrace.engine.frame.Violation;
import org.millrace.engine.harness.CheckedEngine;
import org.millrace.engine.harness.Peer;
import org.millrace.engine.status.EngineCounter;

/** Slowloris: messages that come byte by byte, or begin and never end. */
class SlowMessageTest {
  private static ConnectionContext context(Role role) {
    return new ConnectionContext().role(role).maxReadsPerMessage(100_000);
  }

  private enum Where {
    IN_HEADER,
    IN_PAYLOAD,
    IN_CONTROL_FRAME,
    IN_CONTROL_FRAME_WITHIN_MESSAGE,
    BETWEEN_FRAGMENTS
  }

  /** A stream that is about to spend long at that place: how it begins, and what trickles in. */
  private static byte[] trickle(Where where, Peer peer) {
    switch (where) {
      case IN_HEADER, IN_PAYLOAD -> {
        return peer.bytes(text("x".repeat(4_000)));
      }
      case IN_CONTROL_FRAME -> {
        return peer.bytes(ping("x".repeat(125)));
      }
      case IN_CONTROL_FRAME_WITHIN_MESSAGE -> {
        peer.says(text("first").notFinal());
        return peer.bytes(ping("x".repeat(125)));
      }
      default -> {
        peer.says(text("first").notFinal());
        return peer.bytes(continuation("").notFinal());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Where.class)
  void aByteASecondIsTooSlow(Where where) {
    for (final Role role : Role.values()) {
      try (CheckedEngine engine = new CheckedEngine()) {
        final Peer peer = engine.open(context(role));
        final byte[] bytes = trickle(where, peer);
        int at = 0;
        int seconds = 0;
        while (peer.handler().connection().state() == ConnectionState.OPEN && seconds < 40) {
          peer.wire().deliver(bytes, at++ % bytes.length, 1);
          seconds += where == Where.IN_HEADER ? 2 : 1;
          engine.advanceMillis(where == Where.IN_HEADER ? 2_000 : 1_000);
        }
        assertThat(seconds).as("%s in role %s", where, role).isBetween(5, 7);
        assertThat(peer.hears()).containsExactly("CLOSE 1008");
        peer.wire().endOfInput();
        assertThat(peer.closed().violation()).isEqualTo(Violation.MESSAGE_TOO_SLOW);
        assertThat(engine.engine().violations(Violation.MESSAGE_TOO_SLOW)).isOne();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void aMessageThatIsBegunAndLeftIsTooSlow(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(role));
      peer.wire().deliver(peer.bytes(text("x")), 0, 1);
      engine.advanceMillis(4_980);
      peer.assertOpen();
      engine.advanceMillis(40);
      assertThat(peer.hears()).containsExactly("CLOSE 1008");
    }
  }

  @Test
  void pingsBetweenFragmentsDoNotBuyAMessageMoreTimeThanTheirBytes() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(Role.SERVER));
      peer.says(text("first").notFinal());
      int seconds = 0;
      while (peer.handler().connection().state() == ConnectionState.OPEN && seconds < 40) {
        peer.says(ping("are you there?"));
        engine.advanceMillis(1_000);
        seconds++;
      }
      assertThat(seconds).isBetween(5, 7);
    }
  }

  /** 256 bytes a second are asked for, 400 are sent: only the deadline ends it. */
  @ParameterizedTest
  @EnumSource(Role.class)
  void aMessageFastEnoughHasUntilItsDeadline(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(role));
      final byte[] bytes = peer.bytes(text("x".repeat(60_000)));
      int at = 0;
      for (int i = 0; i < 299; i++) {
        peer.wire().deliver(bytes, at, 40);
        at += 40;
        engine.advanceMillis(100);
        peer.assertOpen();
      }
      engine.advanceMillis(120);
      assertThat(peer.hears()).containsExactly("CLOSE 1008");
      peer.wire().endOfInput();
      assertThat(peer.closed().violation()).isEqualTo(Violation.MESSAGE_TIMEOUT);
      assertThat(engine.engine().violations(Violation.MESSAGE_TIMEOUT)).isOne();
    }
  }

  @Test
  void theRateIsAnAverageSinceTheFirstByte() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(Role.SERVER));
      final byte[] bytes = peer.bytes(text("x".repeat(60_000)));
      peer.wire().deliver(bytes, 0, 2_560); // enough for ten seconds
      engine.advanceMillis(9_980);
      peer.assertOpen();
      engine.advanceMillis(40);
      assertThat(peer.hears()).containsExactly("CLOSE 1008");
    }
  }

  /** Bytes of messages that were complete before are not this message's. */
  @Test
  void messagesInTheSameReadBuyTheNextNoTime() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(Role.SERVER));
      final byte[] whole = peer.bytes(text("x".repeat(8_000)));
      final byte[] read = Arrays.copyOf(whole, whole.length + 1);
      read[whole.length] = whole[0];
      peer.wire().deliver(read);
      engine.step();
      assertThat(peer.handler().messages()).hasSize(1);
      engine.advanceMillis(7_000);
      assertThat(peer.hears()).containsExactly("CLOSE 1008");
    }
  }

  @Test
  void withoutALeastRateOnlyTheDeadlineCounts() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer =
          engine.open(
              context(Role.SERVER)
                  .keepAliveMechanism(KeepAliveMechanism.NONE)
                  .messageMinRate(0)
                  .messageTimeout(Duration.ofSeconds(60)));
      peer.says(text("first").notFinal());
      engine.advanceMillis(59_980);
      peer.assertOpen();
      engine.advanceMillis(40);
      assertThat(peer.hears()).containsExactly("CLOSE 1008");
    }
  }

  @Test
  void everyMessageHasItsOwnTime() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(Role.SERVER));
      for (int i = 0; i < 20; i++) {
        peer.says(text("be").notFinal());
        engine.advanceMillis(4_000);
        peer.says(continuation("gun"));
        engine.step();
      }
      assertThat(peer.handler().messages()).hasSize(20);
      peer.assertOpen();
    }
  }

  @Test
  void aSlowPeerCostsTheOthersNothing() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer slow = engine.open(context(Role.SERVER));
      final Peer other = engine.open(context(Role.SERVER));
      slow.says(text("first").notFinal());
      for (int i = 0; i < 70; i++) {
        other.says(text("x"));
        engine.advanceMillis(100);
      }
      assertThat(other.handler().messages()).hasSize(70);
      other.assertOpen();
      assertThat(slow.connection().state()).isNotEqualTo(ConnectionState.OPEN);
      assertThat(engine.counter(EngineCounter.HANDLER_ERRORS)).isZero();
    }
  }
}
