package org.millrace.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.millrace.engine.harness.Frames.close;
import static org.millrace.engine.harness.Frames.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.millrace.engine.Engine;
import org.millrace.engine.ThreadingMode;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.KeepAliveMechanism;
import org.millrace.engine.connection.SendResult;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.harness.ActingHandler;
import org.millrace.engine.harness.CheckedEngine;
import org.millrace.engine.harness.Frames;
import org.millrace.engine.harness.ManualClock;
import org.millrace.engine.harness.Peer;
import org.millrace.engine.harness.TestWire;
import org.millrace.engine.status.EngineCounter;

/** Sending from elsewhere: what comes back, and what is not lost. */
class EngineSendTest {
  private static ConnectionContext context() {
    return new ConnectionContext().keepAliveMechanism(KeepAliveMechanism.NONE);
  }

  private static int send(Engine engine, long id, byte[] bytes, int opcode) {
    return engine.send(id, opcode, new UnsafeBuffer(bytes), 0, bytes.length);
  }

  @Test
  void everyOpcodeGoesThroughTheRing() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context());
      final byte[] latin1 = {(byte) 0xE9};
      assertThat(send(engine.engine(), peer.id(), new byte[] {'a'}, Opcode.TEXT)).isZero();
      assertThat(send(engine.engine(), peer.id(), new byte[] {'b'}, Opcode.BINARY)).isZero();
      assertThat(send(engine.engine(), peer.id(), new byte[] {'c'}, Connection.AUTO)).isZero();
      assertThat(send(engine.engine(), peer.id(), latin1, Connection.AUTO)).isZero();
      assertThat(send(engine.engine(), peer.id(), new byte[0], Opcode.TEXT)).isZero();
      assertThat(peer.wire().writes()).isEmpty();
      assertThat(peer.hears()).containsExactly("TEXT a", "BINARY b", "TEXT c", "BINARY e9", "TEXT");
      assertThat(peer.wire().writes()).hasSize(1);
    }
  }

  @Test
  void theBufferIsTheCallersAgainAtOnce() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context());
      final byte[] bytes = "before".getBytes(StandardCharsets.US_ASCII);
      send(engine.engine(), peer.id(), bytes, Opcode.TEXT);
      Arrays.fill(bytes, (byte) 'x');
      assertThat(peer.hears()).containsExactly("TEXT before");
    }
  }

  @Test
  void whatTheRingCouldNeverTakeIsTooLong() {
    try (CheckedEngine engine = new CheckedEngine(CheckedEngine.small().ringCapacity(65_536))) {
      final Peer peer = engine.open(context());
      int longest = 9_000;
      while (send(engine.engine(), peer.id(), new byte[longest], Opcode.BINARY)
          == SendResult.TOO_LONG) {
        longest--;
      }
      assertThat(longest).as("about an eighth of the ring").isBetween(8_000, 8_192);
      assertThat(peer.hears()).containsExactly("BINARY " + longest + " bytes");
      assertThat(send(engine.engine(), peer.id(), new byte[longest + 1], Opcode.BINARY))
          .isEqualTo(SendResult.TOO_LONG);
      peer.assertOpen();
    }
  }

  @Test
  void opcodesOfControlFramesAreRefused() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final List<RuntimeException> thrown = new ArrayList<>();
      final Peer peer =
          engine.open(
              context(),
              new ActingHandler()
                  .on(
                      "message",
                      c -> {
                        for (final int opcode : new int[] {0, 3, 8, 9, 10, 15, 16, -2}) {
                          try {
                            c.send(opcode, new UnsafeBuffer(new byte[1]), 0, 1);
                          } catch (IllegalArgumentException e) {
                            thrown.add(e);
                          }
                        }
                      }));
      peer.says(text("now"));
      assertThat(peer.hears()).isEmpty();
      assertThat(thrown).hasSize(8);
      for (final int opcode : new int[] {0, 3, 8, 9, 10, 15, 16, -2}) {
        assertThatThrownBy(() -> send(engine.engine(), peer.id(), new byte[1], opcode))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("opcode=" + opcode);
      }
      peer.assertOpen();
    }
  }

  @Test
  void badBoundsLeaveTheRingAsItWas() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context());
      final UnsafeBuffer buffer = new UnsafeBuffer(new byte[10]);
      assertThatThrownBy(() -> engine.engine().send(peer.id(), Opcode.TEXT, buffer, 5, 6))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> engine.engine().send(peer.id(), Opcode.TEXT, buffer, -1, 5))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> engine.engine().send(peer.id(), Opcode.TEXT, buffer, 0, -1))
          .isInstanceOfAny(IndexOutOfBoundsException.class, IllegalArgumentException.class);
      peer.send("good");
      peer.says(text("good"));
      assertThat(peer.hears()).containsExactly("TEXT good");
      assertThat(peer.handler().messages()).hasSize(1);
    }
  }

  @Test
  void aClosingConnectionTakesNoMessage() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context());
      peer.says(close(1000));
      assertThat(peer.hears()).containsExactly("CLOSE 1000");
      final int result = peer.send("late");
      assertThat(peer.hears()).isEmpty();
      // The shard alone knows that it is closing: either answer is true at the time.
      assertThat(result).isIn(SendResult.SENT, SendResult.NOT_OPEN);
      assertThat(engine.counter(EngineCounter.DROPPED_SENDS))
          .isEqualTo(result == SendResult.SENT ? 1 : 0);
    }
  }

  @Test
  void fromACallbackOfTheSameShardItIsDirect() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer other = engine.open(context());
      final List<Integer> queued = new ArrayList<>();
      final Peer peer =
          engine.open(
              context(),
              new ActingHandler()
                  .on(
                      "message",
                      c -> {
                        send(engine.engine(), other.id(), new byte[] {'x'}, Opcode.TEXT);
                        queued.add(other.connection().queuedBytes());
                      }));
      peer.says(text("now"));
      engine.engine().doWork();
      assertThat(queued).containsExactly(3);
      assertThat(other.hears()).containsExactly("TEXT x");
    }
  }

  @Test
  void fromACallbackOfAnotherShardItGoesThroughTheRing() {
    final ManualClock clock = new ManualClock();
    try (Engine engine =
        Engine.launch(
            CheckedEngine.small()
                .threadingMode(ThreadingMode.INVOKER)
                .shards(2)
                .nanoClock(clock))) {
      final ConnectionContext context = context().conclude();
      final ActingHandler first = new ActingHandler();
      final ActingHandler second = new ActingHandler();
      final TestWire firstWire = new TestWire();
      final TestWire secondWire = new TestWire();
      assertThat(engine.open(context, firstWire, first)).isTrue();
      assertThat(engine.open(context, secondWire, second)).isTrue();
      step(engine);
      assertThat(ConnectionId.shard(first.connection().id())).isZero();
      assertThat(ConnectionId.shard(second.connection().id())).isOne();
      final List<Integer> queued = new ArrayList<>();
      for (final ActingHandler handler : List.of(first, second)) {
        final Connection other = (handler == first ? second : first).connection();
        handler.on(
            "message",
            c -> {
              assertThat(send(engine, other.id(), new byte[] {'x'}, Opcode.TEXT)).isZero();
              queued.add(other.queuedBytes());
            });
      }
      firstWire.deliver(text("now").masked().encode().toArray());
      secondWire.deliver(text("now").masked().encode().toArray());
      step(engine);
      assertThat(queued).containsExactly(0, 0);
      assertThat(Frames.describe(firstWire.takeWritten(), false)).containsExactly("TEXT x");
      assertThat(Frames.describe(secondWire.takeWritten(), false)).containsExactly("TEXT x");
      assertThat(engine.counter(EngineCounter.RECEIVED_MESSAGES)).isEqualTo(2);
      assertThat(engine.counter(EngineCounter.ERRORS)).isZero();
    }
  }

  private static void step(Engine engine) {
    while (engine.doWork() > 0) {
      // until nothing is left
    }
  }
}
