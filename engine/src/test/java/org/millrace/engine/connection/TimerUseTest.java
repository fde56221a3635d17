package org.millrace.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.millrace.engine.frame.Violation;
import org.millrace.engine.harness.Frames;
import org.millrace.engine.harness.TestWire;
import org.millrace.engine.message.BufferPool;
import org.millrace.engine.status.Counters;

/**
 * Traffic must not touch the timer wheel. The wheel cannot be seen through the engine, so here the
 * owner of the connection is the test, which counts what a shard would ask of its wheel.
 */
class TimerUseTest {
  private static final int MESSAGES = 1_000;

  private final ConnectionResources resources =
      new ConnectionResources(
          new BufferPool(1 << 20, 1 << 20),
          () -> 0,
          new Counters(Violation.idLimit()),
          error -> {
            throw new AssertionError(error);
          },
          ConnectionListener.NONE,
          1);
  private final CountingOwner owner = new CountingOwner();
  private final TestWire wire = new TestWire();
  private final WebSocketConnection connection =
      new WebSocketConnection(
          resources, owner, new ConnectionContext().conclude(), wire, new Echo());

  /** Arms one timer, always the earliest asked for, as the contract says. */
  private static final class CountingOwner implements ConnectionOwner {
    private long armedNs = NEVER;
    private int operations;
    private boolean dirty;

    @Override
    public boolean isCurrent() {
      return true;
    }

    @Override
    public void markDirty() {
      dirty = true;
    }

    @Override
    public void timerBy(long deadlineNs) {
      if (deadlineNs < armedNs) {
        armedNs = deadlineNs;
        operations++;
      }
    }

    @Override
    public void congested(boolean congested) {}

    @Override
    public void closed(ClosedEvent event) {
      throw new AssertionError(event);
    }
  }

  private static final class Echo implements MessageHandler {
    @Override
    public void onMessage(
        Connection from, int opcode, DirectBuffer buffer, int offset, int length) {
      from.send(opcode, buffer, offset, length);
    }
  }

  private void receive(byte[] bytes, int offset, int length) {
    final ByteBuffer read = ByteBuffer.allocateDirect(length).order(ByteOrder.nativeOrder());
    read.put(0, bytes, offset, length);
    connection.receive(read, new UnsafeBuffer(read), 0, length);
    if (owner.dirty) {
      owner.dirty = false;
      connection.flush();
    }
  }

  private static byte[] frame() {
    return Frames.text("hello").masked().encode().toArray();
  }

  @Test
  void wholeMessagesTouchNoTimer() {
    connection.open(1);
    final int before = owner.operations;
    for (int i = 0; i < MESSAGES; i++) {
      resources.nowNs(i * 1_000_000L);
      receive(frame(), 0, frame().length);
    }
    assertThat(wire.writes()).hasSize(MESSAGES);
    assertThat(owner.operations).isEqualTo(before);
  }

  @Test
  void splitMessagesAndBlockedWritesArmATimerAtMostOnce() {
    connection.open(1);
    final int before = owner.operations;
    wire.block();
    for (int i = 0; i < MESSAGES; i++) {
      resources.nowNs(i * 1_000_000L);
      receive(frame(), 0, 3);
      receive(frame(), 3, frame().length - 3);
      wire.dropWrite();
      connection.writeEnded();
    }
    assertThat(wire.writes()).hasSize(MESSAGES);
    assertThat(owner.operations - before).isLessThanOrEqualTo(1);
  }
}
