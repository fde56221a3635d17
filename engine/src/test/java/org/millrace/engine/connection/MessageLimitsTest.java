package org.millrace.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.harness.Frames.binary;
import static org.millrace.engine.harness.Frames.continuation;
import static org.millrace.engine.harness.Frames.ping;
import static org.millrace.engine.harness.Frames.pong;
import static org.millrace.engine.harness.Frames.text;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.frame.Role;
import org.millrace.engine.frame.Violation;
import org.millrace.engine.harness.CheckedEngine;
import org.millrace.engine.harness.Peer;
import org.millrace.engine.reference.Bytes;
import org.millrace.engine.reference.ReferenceEncoder;
import org.millrace.engine.status.EngineCounter;

/** How big a message may be, and in how many frames and reads it may come. */
class MessageLimitsTest {
  private static ConnectionContext context(Role role) {
    return new ConnectionContext().role(role).keepAliveMechanism(KeepAliveMechanism.NONE);
  }

  private static CheckedEngine withMemory(long bytes) {
    return new CheckedEngine(
        CheckedEngine.small().bufferMemoryLimit(bytes).bufferMemoryRetained(0));
  }

  private static void assertFailed(CheckedEngine engine, Peer peer, Violation violation) {
    final List<String> heard = peer.hears();
    assertThat(heard).endsWith("CLOSE " + violation.closeCode());
    peer.wire().endOfInput();
    final ClosedEvent event = peer.closed();
    assertThat(event.violation()).isEqualTo(violation);
    assertThat(event.code()).isEqualTo(violation.closeCode());
    assertThat(event.initiator()).isEqualTo(Initiator.LOCAL);
    assertThat(engine.engine().violations(violation)).isOne();
    assertThat(engine.counter(EngineCounter.POOLED_BYTES_IN_USE)).isZero();
  }

  /** The header of a frame that declares more than it will ever get. */
  private static byte[] header(Peer peer, ReferenceEncoder frame) {
    return peer.bytes(frame);
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void aMessageOfTheLargestSizeIsTaken(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(role).maxMessageSize(1_000));
      peer.says(binary(new byte[1_000]));
      peer.says(text("x".repeat(600)).notFinal(), continuation("y".repeat(400)));
      engine.step();
      assertThat(peer.handler().messages()).hasSize(2);
      assertThat(peer.handler().messages().get(1).payload()).hasSize(2_000);
      peer.assertOpen();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1_001, 65_535, 65_536, 1L << 30, 1L << 31, 1L << 40, Long.MAX_VALUE})
  void aFrameThatDeclaresTooMuchIsRefusedOnItsHeader(long length) {
    for (final Role role : Role.values()) {
      try (CheckedEngine engine = new CheckedEngine()) {
        final Peer peer = engine.open(context(role).maxMessageSize(1_000));
        peer.says(ReferenceEncoder.frame(2, Bytes.EMPTY).declareLength(length));
        assertFailed(engine, peer, Violation.MESSAGE_TOO_BIG);
        assertThat(engine.counter(EngineCounter.POOLED_BYTES)).as("buffers").isLessThan(1_024);
      }
    }
  }

  @Test
  void nothingIsAllocatedForALengthThatWasOnlyDeclared() {
    final int gibibyte = 1 << 30;
    try (CheckedEngine engine = withMemory(2L * gibibyte)) {
      final Peer peer = engine.open(context(Role.SERVER).maxMessageSize(gibibyte));
      final byte[] frame =
          header(peer, ReferenceEncoder.frame(2, Bytes.EMPTY).declareLength(gibibyte));
      peer.wire().deliver(frame);
      peer.wire().deliver(new byte[100]);
      engine.step();
      assertThat(engine.counter(EngineCounter.POOLED_BYTES)).isLessThan(1_024);
      peer.assertOpen();
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void fragmentsAreCountedTogether(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(role).maxMessageSize(70_000 - 1));
      peer.says(binary(new byte[40_000]).notFinal());
      engine.step();
      peer.says(ReferenceEncoder.frame(0, Bytes.EMPTY).notFinal().declareLength(30_000));
      assertFailed(engine, peer, Violation.MESSAGE_TOO_BIG);
    }
  }

  @Test
  void declaredLengthsThatOverflowTogetherAreRefused() {
    final int gibibyte = 1 << 30;
    try (CheckedEngine engine = withMemory(2L * gibibyte)) {
      final Peer peer = engine.open(context(Role.SERVER).maxMessageSize(gibibyte));
      peer.says(binary(new byte[1_000]).notFinal());
      peer.says(ReferenceEncoder.frame(0, Bytes.EMPTY).declareLength(Integer.MAX_VALUE - 999));
      assertFailed(engine, peer, Violation.MESSAGE_TOO_BIG);
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void aMessageOfTheMostFramesIsTakenAndOneMoreRefused(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final ConnectionContext context = context(role).maxFramesPerMessage(3).conclude();
      final Peer good = engine.open(context);
      good.says(text("a").notFinal(), continuation("b").notFinal(), continuation("c"));
      good.says(text("a").notFinal(), ping(""), continuation("b").notFinal(), ping(""));
      good.says(continuation("c"));
      engine.step();
      assertThat(good.handler().messages()).hasSize(2);
      final Peer bad = engine.open(context);
      bad.says(text("a").notFinal(), continuation("").notFinal(), continuation("").notFinal());
      bad.assertOpen();
      bad.says(continuation(""));
      assertFailed(engine, bad, Violation.TOO_MANY_FRAMES);
    }
  }

  /** CVE-2014-0193, CVE-2026-48779: endless continuation, tiny fragments. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void endlessTinyFragmentsEndAtTheMostFrames(int length) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(Role.SERVER));
      final byte[] first = peer.bytes(text("x".repeat(length)).notFinal());
      final byte[] next = peer.bytes(continuation("x".repeat(length)).notFinal());
      peer.wire().deliver(first);
      final byte[] many = new byte[32 * next.length];
      for (int i = 0; i < 32; i++) {
        System.arraycopy(next, 0, many, i * next.length, next.length);
      }
      for (int i = 0; i < 31; i++) {
        peer.wire().deliver(many);
        engine.step();
        assertThat(engine.counter(EngineCounter.POOLED_BYTES_IN_USE)).isLessThanOrEqualTo(2_048);
      }
      peer.assertOpen();
      peer.wire().deliver(many);
      assertFailed(engine, peer, Violation.TOO_MANY_FRAMES);
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void aMessageInTheMostReadsIsTakenAndOneMoreRefused(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final ConnectionContext context = context(role).maxReadsPerMessage(4).conclude();
      final Peer good = engine.open(context);
      inReads(good, text("hello").notFinal(), 3);
      good.says(continuation("!"));
      engine.step();
      assertThat(good.handler().messages()).hasSize(1);
      inReads(good, text("hello"), 4);
      engine.step();
      assertThat(good.handler().messages()).hasSize(2);
      final Peer bad = engine.open(context);
      inReads(bad, text("hello"), 5);
      assertFailed(engine, bad, Violation.TOO_MANY_READS);
      assertThat(bad.handler().messages()).isEmpty();
    }
  }

  private static void inReads(Peer peer, ReferenceEncoder frame, int reads) {
    final byte[] bytes = peer.bytes(frame);
    for (int i = 0; i < reads - 1; i++) {
      peer.wire().deliver(bytes, i, 1);
    }
    peer.wire().deliver(bytes, reads - 1, bytes.length - reads + 1);
  }

  @Test
  void oneReadAMessageMeansWholeReads() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(Role.SERVER).maxReadsPerMessage(1));
      peer.says(text("whole"), text("whole"));
      engine.step();
      peer.wire().deliver(peer.bytes(text("cut")), 0, 5);
      assertFailed(engine, peer, Violation.TOO_MANY_READS);
    }
  }

  /** A steady stream whose reads never end where a message does must not add up. */
  @ParameterizedTest
  @EnumSource(Role.class)
  void readsOfOneMessageAreNotThoseOfTheNext(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(role).maxReadsPerMessage(3));
      final byte[] frame = peer.bytes(text("a steady stream"));
      straddle(engine, peer, frame, 200);
      assertThat(peer.handler().messages()).hasSize(199);
      peer.assertOpen();
    }
  }

  /** Control frames are no message, however their bytes fall into reads. */
  @ParameterizedTest
  @EnumSource(Role.class)
  void readsThatEndWithinControlFramesDoNotAddUp(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(role));
      straddle(engine, peer, peer.bytes(pong(new byte[20])), 200);
      peer.assertOpen();
    }
  }

  /** Nor do they make a message old that has only begun. */
  @Test
  void theTimeOfAMessageBeginsWithItsOwnFirstByte() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(Role.SERVER).messageMinRate(0));
      final byte[] ping = peer.bytes(pong(new byte[20]));
      final byte[] start = peer.bytes(text("message").notFinal());
      peer.wire().deliver(ping, 0, 10);
      engine.advanceMillis(29_000);
      final byte[] both = new byte[ping.length - 10 + start.length];
      System.arraycopy(ping, 10, both, 0, ping.length - 10);
      System.arraycopy(start, 0, both, ping.length - 10, start.length);
      peer.wire().deliver(both);
      engine.step();
      engine.advanceMillis(29_000);
      peer.assertOpen();
    }
  }

  /** Delivers {@code count} frames in reads that each end in the middle of one, but the last. */
  private static void straddle(CheckedEngine engine, Peer peer, byte[] frame, int count) {
    final byte[] read = new byte[frame.length];
    final int half = frame.length / 2;
    System.arraycopy(frame, half, read, 0, frame.length - half);
    System.arraycopy(frame, 0, read, frame.length - half, half);
    peer.wire().deliver(frame, 0, half);
    for (int i = 1; i < count; i++) {
      peer.wire().deliver(read);
      engine.step();
    }
  }

  /** One kilobyte each, not one maximum message each. */
  @Test
  void tenThousandIncompleteMessagesHoldLittleMemory() {
    try (CheckedEngine engine = new CheckedEngine(CheckedEngine.small().maxConnections(10_000))) {
      final ConnectionContext context = context(Role.SERVER).conclude();
      for (int i = 0; i < 10_000; i++) {
        final Peer peer = engine.open(context);
        peer.says(text("a message that will not be complete").notFinal());
        if (i % 2 == 0) {
          peer.wire().deliver(peer.bytes(ping("a ping that will not be")), 0, 12);
        }
        if (i % 100 == 0) {
          engine.step();
        }
      }
      engine.step();
      assertThat(engine.counter(EngineCounter.POOLED_BYTES_IN_USE)).isLessThanOrEqualTo(5_120_000);
      engine.advanceMillis(7_000);
      // Spread over ticks as timers of the same time are: all of them are too slow by then.
      engine.advanceMillis(9_000);
      assertThat(engine.engine().violations(Violation.MESSAGE_TOO_SLOW)).isEqualTo(10_000);
      assertThat(engine.counter(EngineCounter.POOLED_BYTES_IN_USE)).isZero();
    }
  }

  @Test
  void whatTheBufferMemoryCannotHoldIsRefusedWith1013() {
    try (CheckedEngine engine = withMemory(98_304)) {
      final ConnectionContext context =
          context(Role.SERVER)
              .maxMessageSize(65_536)
              .sendQueueHardLimit(60_000)
              .sendQueueHighMark(60_000)
              .conclude();
      final Peer first = engine.open(context);
      first.says(binary(new byte[30_000]).notFinal());
      final Peer second = engine.open(context);
      second.says(binary(new byte[20_000]).notFinal());
      second.assertOpen();
      final Peer third = engine.open(context);
      third.says(binary(new byte[40_000]).notFinal());
      final List<String> heard = third.hears();
      assertThat(heard).containsExactly("CLOSE 1013");
      assertThat(engine.engine().violations(Violation.OUT_OF_BUFFERS)).isOne();
      first.says(continuation("done"));
      engine.step();
      assertThat(first.handler().messages()).hasSize(1);
      second.says(continuation("done"));
      engine.step();
      assertThat(second.handler().messages()).hasSize(1);
    }
  }

  /**
   * What open() lets through as fitting the engine's limits must then fit when nobody else is
   * there.
   */
  @ParameterizedTest
  @CsvSource({
    "65536, 65536",
    "65536, 98303",
    "65536, 98304",
    "65537, 131072",
    "65537, 196608",
    "100000, 196608",
    "131072, 196608"
  })
  void aLargestMessageFitsTheMemoryThatOpenFoundSufficient(int size, long memory) {
    try (CheckedEngine engine = withMemory(memory)) {
      final ConnectionContext context =
          context(Role.SERVER)
              .maxMessageSize(size)
              .sendQueueHardLimit(60_000)
              .sendQueueHighMark(60_000)
              .messageTimeout(Duration.ofMinutes(1))
              .conclude();
      final Peer peer;
      try {
        peer = engine.open(context);
      } catch (ConfigurationException e) {
        assertThat(e).hasMessageContaining("maxMessageSize=" + size);
        return;
      }
      final int part = size / 10;
      peer.says(binary(new byte[part]).notFinal());
      for (int i = 1; i < 9; i++) {
        peer.says(ReferenceEncoder.frame(0, Bytes.of(new byte[part])).notFinal());
        engine.step();
      }
      peer.says(ReferenceEncoder.frame(0, Bytes.of(new byte[size - 9 * part])));
      engine.step();
      peer.assertOpen();
      assertThat(peer.handler().messages()).hasSize(1);
    }
  }
}
