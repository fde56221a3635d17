package org.millrace.engine.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.Inbound;
import org.millrace.engine.connection.KeepAliveMechanism;
import org.millrace.engine.connection.SendResult;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.frame.Role;
import org.millrace.engine.reference.Bytes;
import org.millrace.engine.reference.ReferenceEncoder;
import org.millrace.engine.status.EngineCounter;

/**
 * A warm shard allocates nothing, whatever way a message takes: into the ring, decoded, validated,
 * delivered, sent back, batched and written. That it did take that way is checked, too.
 */
class ZeroAllocationTest {
  private static final int RING = 1 << 20;
  private static final int LENGTH = 600;

  private final AllocationMeter meter = new AllocationMeter();
  private Object kept;
  private int turns;

  @Test
  void noticesOneSmallObject() {
    final long bytes =
        meter.leastPerRound(
            () -> {
              if (turns++ % AllocationMeter.TURNS == 0) {
                kept = new Object();
              }
            });

    assertThat(kept).isNotNull();
    assertThat(bytes).isBetween(8L, 16L);
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 600, 16 * 1024})
  void echoesAsServer(int length) {
    echoes(Role.SERVER, false, frame(Role.SERVER, Opcode.TEXT, true, text(length)));
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 600, 16 * 1024})
  void echoesAsClient(int length) {
    echoes(Role.CLIENT, false, frame(Role.CLIENT, Opcode.TEXT, true, text(length)));
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void echoesThreeFragments(Role role) {
    final Bytes text = text(LENGTH);
    echoes(
        role,
        false,
        frame(role, Opcode.TEXT, false, text.slice(0, 200))
            .followedBy(frame(role, Opcode.CONTINUATION, false, text.slice(200, 400)))
            .followedBy(frame(role, Opcode.CONTINUATION, true, text.slice(400, LENGTH))));
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void echoesSplitFrames(Role role) {
    final Bytes frame = frame(role, Opcode.TEXT, true, text(LENGTH));
    echoes(role, false, frame.slice(0, 201), frame.slice(201, frame.length()));
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void echoesFramesWithASplitHeader(Role role) {
    final Bytes frame = frame(role, Opcode.TEXT, true, text(LENGTH));
    echoes(role, false, frame.slice(0, 3), frame.slice(3, frame.length()));
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void echoesThroughAsynchronousWrites(Role role) {
    echoes(role, true, frame(role, Opcode.TEXT, true, text(LENGTH)));
  }

  private void echoes(Role role, boolean asynchronous, Bytes... reads) {
    final ByteBuffer first = EchoRig.buffer(reads[0]);
    final ByteBuffer second = reads.length == 1 ? null : EchoRig.buffer(reads[1]);
    try (EchoRig rig = new EchoRig(context(role), new NullWire(asynchronous), RING)) {
      assertAllocatesNothing(
          () -> {
            rig.read(first);
            if (second != null) {
              rig.read(second);
            }
            if (asynchronous) {
              rig.read(first); // behind the write under way
              rig.wire().completeWrite();
              rig.work();
              rig.wire().completeWrite();
              rig.work();
            }
          });
      assertThat(rig.counter(EngineCounter.RECEIVED_MESSAGES))
          .isEqualTo(rig.counter(EngineCounter.TRANSMITTED_FRAMES))
          .isEqualTo(asynchronous ? 2L * turns : turns);
      assertThat(rig.wire().writtenBytes())
          .isEqualTo(rig.counter(EngineCounter.TRANSMITTED_BYTES))
          .isGreaterThan(64L * turns);
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void answersPings(Role role) {
    final Bytes ping = frame(role, Opcode.PING, true, text(20));
    final Bytes pong = frame(role, Opcode.PONG, true, text(20));
    final ByteBuffer whole = EchoRig.buffer(ping.followedBy(pong).followedBy(ping.slice(0, 9)));
    final ByteBuffer rest = EchoRig.buffer(ping.slice(9, ping.length()));
    try (EchoRig rig = new EchoRig(context(role), new NullWire(false), RING)) {
      assertAllocatesNothing(
          () -> {
            rig.read(whole);
            rig.read(rest);
          });
      assertThat(rig.counter(EngineCounter.PINGS_RECEIVED)).isEqualTo(2L * turns);
      assertThat(rig.counter(EngineCounter.TRANSMITTED_FRAMES)).isEqualTo(2L * turns);
    }
  }

  /** Only the newest pong waits behind a write under way. */
  @ParameterizedTest
  @EnumSource(Role.class)
  void answersPingsWhileOutputIsBlocked(Role role) {
    final ByteBuffer ping = EchoRig.buffer(frame(role, Opcode.PING, true, text(20)));
    try (EchoRig rig = new EchoRig(context(role), new NullWire(true), RING)) {
      assertAllocatesNothing(
          () -> {
            rig.read(ping);
            rig.read(ping);
            rig.read(ping);
            rig.wire().completeWrite();
            rig.work();
            rig.wire().completeWrite();
            rig.work();
          });
      assertThat(rig.counter(EngineCounter.PINGS_RECEIVED)).isEqualTo(3L * turns);
      assertThat(rig.counter(EngineCounter.WRITES)).isEqualTo(2L * turns);
    }
  }

  /** The wheel turns, the timer fires, and is armed again. */
  @ParameterizedTest
  @EnumSource(Role.class)
  void keepsAlive(Role role) {
    final byte[] data = text(20).toArray();
    final ByteBuffer pong = EchoRig.buffer(frame(role, Opcode.PONG, true, Bytes.of(data)));
    final ConnectionContext keepAlive =
        context(role)
            .keepAliveData(data)
            .keepAliveTimeout(Duration.ofMillis(10))
            .pongTimeout(Duration.ofMillis(30));
    try (EchoRig rig = new EchoRig(keepAlive, new NullWire(false), RING)) {
      assertAllocatesNothing(
          () -> {
            for (int i = 0; i < 20; i++) {
              rig.work();
            }
            rig.read(pong);
          });
      assertThat(rig.counter(EngineCounter.PONGS_CONFIRMED))
          .isEqualTo(rig.counter(EngineCounter.PINGS_SENT))
          .isGreaterThan(turns / 4);
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void sendsFromOutside(Role role) {
    final UnsafeBuffer message = new UnsafeBuffer(EchoRig.buffer(text(LENGTH)));
    final ConnectionContext silent = context(role).keepAliveMechanism(KeepAliveMechanism.NONE);
    try (EchoRig rig = new EchoRig(silent, new NullWire(false), RING)) {
      final long id = rig.connection().id();
      assertAllocatesNothing(
          () -> {
            EchoRig.check(
                rig.engine().send(id, Opcode.TEXT, message, 0, LENGTH) == SendResult.SENT);
            rig.work();
          });
      assertThat(rig.counter(EngineCounter.TRANSMITTED_FRAMES)).isEqualTo(turns);
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void echoesWhatAFullRingRefused(Role role) {
    final ByteBuffer frame = EchoRig.buffer(frame(role, Opcode.TEXT, true, text(LENGTH)));
    final ByteBuffer read = ByteBuffer.allocateDirect(frame.capacity());
    final NullWire wire = new NullWire(false);
    try (EchoRig rig = new EchoRig(context(role), wire, RingFiller.RING_CAPACITY)) {
      final RingFiller filler = new RingFiller(rig.engine());
      rig.work();
      assertAllocatesNothing(
          () -> {
            filler.fill();
            read.clear().put(0, frame, 0, frame.capacity());
            EchoRig.check(wire.inbound().deliver(read) == Inbound.STALLED);
            wire.inbound().stalled(read);
            rig.work();
          });
      assertThat(wire.resumes()).isEqualTo(turns);
      assertThat(rig.counter(EngineCounter.STALLS)).isEqualTo(turns);
      assertThat(rig.counter(EngineCounter.TRANSMITTED_FRAMES)).isEqualTo(turns);
    }
  }

  private void assertAllocatesNothing(Runnable turn) {
    final long bytes =
        meter.leastPerRound(
            () -> {
              turns++;
              turn.run();
            });
    assertThat(bytes).as("bytes allocated in %d turns", AllocationMeter.TURNS).isZero();
  }

  /** Pings as often as there are turns. */
  private static ConnectionContext context(Role role) {
    return new ConnectionContext().role(role).pingRate(100_000);
  }

  private static Bytes text(int length) {
    return Bytes.utf8("é".repeat(length / 20) + "a".repeat(length - length / 20 * 2));
  }

  private static Bytes frame(Role receiver, int opcode, boolean fin, Bytes payload) {
    final ReferenceEncoder frame = ReferenceEncoder.frame(opcode, payload).fin(fin);
    return (receiver == Role.SERVER ? frame.masked() : frame).encode();
  }
}
