package org.millrace.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.millrace.engine.harness.Frames.text;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.Engine;
import org.millrace.engine.ThreadingMode;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.Inbound;
import org.millrace.engine.connection.KeepAliveMechanism;
import org.millrace.engine.connection.SendResult;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.harness.CheckedEngine;
import org.millrace.engine.harness.Peer;
import org.millrace.engine.harness.RecordingHandler;
import org.millrace.engine.harness.TestWire;
import org.millrace.engine.status.EngineCounter;

/** An id that is kept too long never means a connection that came later. */
class StaleIdTest {
  /** One slot: whatever opens next gets it. */
  private static CheckedEngine engine() {
    return new CheckedEngine(CheckedEngine.small().maxConnections(1));
  }

  private static ConnectionContext context() {
    return new ConnectionContext().keepAliveMechanism(KeepAliveMechanism.NONE);
  }

  private static int send(CheckedEngine engine, long id) {
    return engine.engine().send(id, Opcode.TEXT, new UnsafeBuffer(new byte[1]), 0, 1);
  }

  private static void end(Peer peer) {
    peer.wire().fail(new IOException("end"));
    peer.closed();
  }

  @Test
  void aStaleIdNamesNobody() {
    try (CheckedEngine engine = engine()) {
      final Peer old = engine.open(context());
      end(old);
      final Peer fresh = engine.open(context());
      assertThat(fresh.id()).isNotEqualTo(old.id());
      assertThat(send(engine, old.id())).isEqualTo(SendResult.NOT_OPEN);
      assertThat(engine.engine().close(old.id(), 1000, "")).isFalse();
      assertThat(fresh.hears()).isEmpty();
      fresh.assertOpen();
    }
  }

  @Test
  void whatAnOldWireStillSaysReachesNobody() {
    try (CheckedEngine engine = engine()) {
      final Peer old = engine.open(context());
      old.wire().block();
      old.send("in flight");
      engine.step();
      end(old);
      final Peer fresh = engine.open(context());
      assertThat(old.wire().deliver(old.bytes(text("late")))).isEqualTo(Inbound.CLOSED);
      old.wire().endOfInput();
      old.wire().completeWrite();
      old.wire().fail(new IOException("late"));
      engine.step();
      fresh.assertOpen();
      assertThat(fresh.handler().messages()).isEmpty();
      old.handler().closedOnce();
    }
  }

  /** Records that were in the ring when their connection ended, and the slot was taken again. */
  @Test
  void recordsOfAnEndedConnectionReachNobody() {
    try (CheckedEngine engine =
        new CheckedEngine(CheckedEngine.small().maxConnections(1).recordsPerCycle(1))) {
      final Peer old = engine.open(context().sendQueueMaxMessages(1));
      old.wire().block();
      old.send("in flight");
      engine.step();
      old.wire().fault("close", null);
      assertThat(old.send("slow consumer from here on")).isEqualTo(SendResult.SENT);
      for (int i = 0; i < 5; i++) {
        assertThat(old.send("stale " + i)).isEqualTo(SendResult.SENT);
        old.says(text("stale " + i));
      }
      old.wire().failWrite(new IOException("dead"));
      engine.step();
      old.handler().closedOnce();
      final Peer fresh = engine.open(context());
      assertThat(fresh.hears()).isEmpty();
      assertThat(fresh.handler().messages()).isEmpty();
      assertThat(engine.counter(EngineCounter.DROPPED_SENDS)).isEqualTo(6);
    }
  }

  @Test
  void idsArePositiveAndNeverTheSame() {
    try (CheckedEngine engine = new CheckedEngine(CheckedEngine.small().maxConnections(3))) {
      final ConnectionContext context = context().conclude();
      final Set<Long> ids = new HashSet<>();
      for (int i = 0; i < 500; i++) {
        final Peer a = engine.open(context);
        final Peer b = engine.open(context);
        assertThat(a.id()).isPositive();
        assertThat(b.id()).isPositive();
        assertThat(ids.add(a.id())).isTrue();
        assertThat(ids.add(b.id())).isTrue();
        end(i % 2 == 0 ? a : b);
        end(i % 2 == 0 ? b : a);
      }
    }
  }

  /** A flow token in a registrar outlives a restart of this side, and its keys may, too (C-28). */
  @Test
  void idsOfAnotherRunNameNobody() {
    final Set<Long> ids = new HashSet<>();
    for (int run = 0; run < 20; run++) {
      final RecordingHandler handler = new RecordingHandler();
      try (Engine engine =
          Engine.launch(
              CheckedEngine.small().threadingMode(ThreadingMode.INVOKER).shards(1).seed(run))) {
        assertThat(engine.open(context().conclude(), new TestWire(), handler)).isTrue();
        engine.doWork();
        assertThat(ids.add(handler.connection().id())).as("id of run %s", run).isTrue();
        assertThat(handler.connection().id()).isPositive().isLessThan(1L << 53);
      }
    }
  }

  @Test
  void theLargestIdIsPositive() {
    final long id =
        ConnectionId.of(Integer.MAX_VALUE, ConnectionId.MAX_SLOTS - 1, ConnectionId.MAX_SHARDS - 1);
    assertThat(id).isEqualTo(Long.MAX_VALUE);
    assertThat(ConnectionId.generation(id)).isEqualTo(Integer.MAX_VALUE);
    assertThat(ConnectionId.slot(id)).isEqualTo(ConnectionId.MAX_SLOTS - 1);
    assertThat(ConnectionId.shard(id)).isEqualTo(ConnectionId.MAX_SHARDS - 1);
  }

  @ParameterizedTest
  @ValueSource(
      longs = {0, 1, -1, 255, 256, 1L << 32, 3L << 32, Long.MAX_VALUE, Long.MIN_VALUE, 0xFFFFFFFFL})
  void idsThatNobodyGaveNameNobody(long id) {
    try (CheckedEngine engine = engine()) {
      final Peer peer = engine.open(context());
      if (peer.id() != id) {
        assertThat(send(engine, id)).isEqualTo(SendResult.NOT_OPEN);
        assertThat(engine.engine().close(id, 1000, "")).isFalse();
        assertThat(engine.engine().close(id, 999, "")).isFalse();
      }
      assertThatThrownBy(() -> engine.engine().send(id, 3, new UnsafeBuffer(new byte[1]), 0, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("opcode=3");
      peer.assertOpen();
    }
  }
}
