package org.millrace.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.millrace.engine.harness.Frames.close;
import static org.millrace.engine.harness.Frames.continuation;
import static org.millrace.engine.harness.Frames.text;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.Inbound;
import org.millrace.engine.connection.Initiator;
import org.millrace.engine.connection.KeepAliveMechanism;
import org.millrace.engine.connection.SendResult;
import org.millrace.engine.harness.CheckedEngine;
import org.millrace.engine.harness.Peer;
import org.millrace.engine.harness.RecordingHandler.Received;
import org.millrace.engine.status.EngineCounter;

/** A full ring stalls wires, loses nothing, keeps order and blocks nobody. */
class RingFullTest {
  private static final int RING = 65_536;

  private static CheckedEngine engine() {
    return new CheckedEngine(CheckedEngine.small().ringCapacity(RING).recordsPerCycle(4));
  }

  private static ConnectionContext context() {
    return new ConnectionContext().keepAliveMechanism(KeepAliveMechanism.NONE);
  }

  /** Fills the ring with messages of {@code filler} until its wire stalls; returns their number. */
  private static int fill(Peer filler) {
    int messages = 0;
    while (!filler.wire().isStalled()) {
      filler.says(text("filler " + messages++ + "-".repeat(1_000)));
    }
    return messages;
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void severalConnectionsOnASmallRingLoseNothing() {
    try (CheckedEngine engine = engine()) {
      final Random random = new Random(11);
      final List<Peer> peers = new ArrayList<>();
      final List<List<String>> said = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        peers.add(engine.open(context()));
        said.add(new ArrayList<>());
      }
      for (int i = 0; i < 20_000; i++) {
        final int who = random.nextInt(peers.size());
        if (peers.get(who).wire().isStalled()) {
          engine.engine().doWork();
          continue;
        }
        final String message = i + "-".repeat(random.nextInt(4) == 0 ? 3_000 : 50);
        said.get(who).add(hex(message));
        peers.get(who).says(text(message));
      }
      engine.step();
      int stalls = 0;
      for (int i = 0; i < peers.size(); i++) {
        final Peer peer = peers.get(i);
        assertThat(peer.handler().messages().stream().map(Received::payload))
            .isEqualTo(said.get(i));
        assertThat(peer.wire().isStalled()).isFalse();
        assertThat(peer.wire().resumes()).as("stalls of " + i).isPositive();
        stalls += peer.wire().resumes();
      }
      assertThat(engine.counter(EngineCounter.STALLS)).isEqualTo(stalls);
    }
  }

  @Test
  void aStalledConnectionDoesNotKeepOthersOutOnceThereIsRoom() {
    try (CheckedEngine engine = engine()) {
      final Peer greedy = engine.open(context());
      final Peer modest = engine.open(context());
      fill(greedy);
      modest.says(text("me too"));
      engine.engine().doWork();
      engine.engine().doWork();
      if (!modest.wire().isStalled()) {
        assertThat(modest.wire().deliver(modest.bytes(text("again")))).isEqualTo(Inbound.DELIVERED);
      }
      engine.step();
      assertThat(modest.handler().messages()).hasSizeGreaterThanOrEqualTo(1);
    }
  }

  /** The wire's own buffer is decoded in place: a frame may begin in the ring and end there. */
  @Test
  void aFrameThatTheStallCutInTwoIsWhole() {
    try (CheckedEngine engine = engine()) {
      final Peer peer = engine.open(context());
      final Peer filler = engine.open(context());
      final byte[] first = peer.bytes(text("fragmented ").notFinal());
      final byte[] second = peer.bytes(continuation("and cut"));
      peer.wire().deliver(first);
      peer.wire().deliver(second, 0, 8);
      fill(filler);
      while (filler.wire().inbound().deliver(ByteBuffer.allocateDirect(1)) == Inbound.DELIVERED) {
        // up to the last byte; the filler breaks the rules for it, and is failed
      }
      final byte[] rest = Arrays.copyOfRange(second, 8, second.length);
      assertThat(peer.wire().deliver(rest)).isEqualTo(Inbound.STALLED);
      engine.step();
      assertThat(peer.handler().messages())
          .containsExactly(new Received(1, hex("fragmented and cut")));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatEndsTheTransportAfterAStallWaitsForTheStalledBytes(boolean reset) {
    try (CheckedEngine engine = engine()) {
      final Peer peer = engine.open(context());
      final int messages = fill(peer);
      if (reset) {
        peer.wire().fail(new IOException("reset"));
      } else {
        peer.wire().endOfInput();
      }
      assertThat(peer.closed().initiator()).isEqualTo(Initiator.REMOTE);
      assertThat(peer.handler().messages()).hasSize(messages);
      assertThat(peer.handler().calls()).endsWith("closing", "closed");
    }
  }

  @Test
  void aCloseAmongStalledBytesIsAnswered() {
    try (CheckedEngine engine = engine()) {
      final Peer filler = engine.open(context());
      final Peer peer = engine.open(context());
      fill(filler);
      while (!peer.wire().isStalled()) {
        peer.says(text("x"));
      }
      engine.step();
      fill(filler);
      final byte[] bytes = peer.bytes(close(1001));
      peer.wire().deliver(bytes);
      peer.wire().endOfInput();
      assertThat(peer.hears()).containsExactly("CLOSE 1001");
      assertThat(peer.closed().clean()).isTrue();
    }
  }

  @Test
  void aConnectionThatEndsWhileStalledIsNotResumed() {
    try (CheckedEngine engine = engine()) {
      final Peer peer = engine.open(context());
      fill(peer);
      engine.engine().close(peer.id(), 1000, "");
      peer.wire().fault("write", new IllegalStateException("fault"));
      engine.expectErrors();
      peer.closed();
      engine.step();
      assertThat(peer.wire().calls()).endsWith("close");
    }
  }

  /** A transport may have more bytes at hand when it is told to go on, and stall again at once. */
  @Test
  void aWireMayDeliverWithinResume() {
    try (CheckedEngine engine = engine()) {
      final Peer peer = engine.open(context());
      final AtomicInteger said = new AtomicInteger(fill(peer));
      peer.wire()
          .onResume(
              () -> {
                while (said.get() < 1_000 && !peer.wire().isStalled()) {
                  peer.says(text("more " + said.getAndIncrement() + "-".repeat(1_000)));
                }
              });
      engine.step();
      assertThat(peer.handler().messages()).hasSize(1_000);
      for (int i = 0; i < 1_000; i++) {
        final String payload = peer.handler().messages().get(i).payload();
        assertThat(payload).contains(hex(" " + i + "-"));
      }
      assertThat(peer.wire().resumes()).isGreaterThan(5);
    }
  }

  @Test
  void aFullRingRefusesMessagesOfOtherThreads() {
    try (CheckedEngine engine = engine()) {
      final Peer peer = engine.open(context());
      int accepted = 0;
      int result;
      while ((result = peer.send("m" + accepted)) == SendResult.SENT) {
        accepted++;
        assertThat(accepted).isLessThan(RING);
      }
      assertThat(result).isEqualTo(SendResult.BACK_PRESSURED);
      assertThat(engine.counter(EngineCounter.BACK_PRESSURED_SENDS)).isOne();
      final List<String> heard = peer.hears();
      assertThat(heard).hasSize(accepted).startsWith("TEXT m0").endsWith("TEXT m" + (accepted - 1));
      assertThat(peer.send("again")).isEqualTo(SendResult.SENT);
      assertThat(peer.hears()).containsExactly("TEXT again");
    }
  }

  @Test
  void aReadLongerThanARecordIsTakenInSeveral() {
    try (CheckedEngine engine = engine()) {
      final Peer peer = engine.open(context());
      final String message = "x".repeat(30_000);
      assertThat(peer.wire().deliver(peer.bytes(text(message)))).isEqualTo(Inbound.DELIVERED);
      engine.step();
      assertThat(peer.handler().messages()).containsExactly(new Received(1, hex(message)));
    }
  }

  @Test
  void aReadLongerThanTheRingIsTakenByAStall() {
    try (CheckedEngine engine = engine()) {
      final Peer peer = engine.open(context().maxMessageSize(1 << 20));
      final String message = "x".repeat(300_000);
      assertThat(peer.wire().deliver(peer.bytes(text(message)))).isEqualTo(Inbound.STALLED);
      engine.step();
      assertThat(peer.handler().messages()).containsExactly(new Received(1, hex(message)));
      assertThat(peer.wire().resumes()).isOne();
    }
  }

  /** Engine.doWork: "0 when there was nothing to do", also where the ring wraps. */
  @Test
  void workIsNotZeroWhileTheRingHoldsRecords() {
    try (CheckedEngine engine = engine()) {
      final Peer peer = engine.open(context());
      for (int i = 1; i <= 500; i++) {
        peer.says(text("x".repeat(1_000)));
        engine.step();
        assertThat(peer.handler().messages()).hasSize(i);
      }
    }
  }

  @Test
  void keptBytesMustBeDirect() {
    try (CheckedEngine engine = engine()) {
      final Peer peer = engine.open(context());
      final ByteBuffer heap = ByteBuffer.allocate(10);
      assertThatThrownBy(() -> peer.wire().inbound().stalled(heap))
          .isInstanceOf(IllegalArgumentException.class);
      engine.step();
      peer.assertOpen();
    }
  }

  @Test
  void nothingToDeliverIsDelivered() {
    try (CheckedEngine engine = engine()) {
      final Peer peer = engine.open(context());
      assertThat(peer.wire().deliver(new byte[0])).isEqualTo(Inbound.DELIVERED);
      engine.step();
      assertThat(engine.counter(EngineCounter.RECEIVED_BYTES)).isZero();
    }
  }
}
