package org.millrace.bench.idle;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.agrona.DirectBuffer;
import org.millrace.bench.wire.MemoryWire;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.Inbound;
import org.millrace.engine.connection.MessageHandler;
import org.millrace.engine.frame.FrameEncoder;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.frame.Role;
import org.millrace.engine.status.EngineCounter;

/**
 * Messages to a shard that is asleep, one at a time: from just before a message is delivered to the
 * handler. Each carries the time at which it was delivered.
 */
final class WakeUps implements MessageHandler {
  private static final long PAUSE_NS = Duration.ofMillis(5).toNanos();
  private static final int MASKING_KEY = 0x37FA213D;

  private final Histogram latenciesNs = new Histogram(3);
  private final MemoryWire wire = new MemoryWire();
  private final CountDownLatch handled;

  private WakeUps(int messages) {
    handled = new CountDownLatch(messages);
  }

  static Histogram measure(IdleEngine engine, int messages) throws InterruptedException {
    final WakeUps wakeUps = new WakeUps(messages);
    final long opened = engine.count(EngineCounter.OPENED_CONNECTIONS);
    engine.open(wakeUps.wire, wakeUps);
    engine.await(opened + 1);
    wakeUps.deliver(messages);
    return wakeUps.latenciesNs;
  }

  private void deliver(int messages) throws InterruptedException {
    final int header = FrameEncoder.headerLength(Role.CLIENT, Long.BYTES);
    final ByteBuffer frame =
        ByteBuffer.allocateDirect(header + Long.BYTES).order(ByteOrder.nativeOrder());
    for (int i = 0; i < messages; i++) {
      LockSupport.parkNanos(PAUSE_NS);
      frame.putLong(header, System.nanoTime());
      FrameEncoder.encode(
          Role.CLIENT, Opcode.BINARY, true, frame, 0, Long.BYTES, () -> MASKING_KEY);
      if (wire.inbound().deliver(frame.clear()) != Inbound.DELIVERED) {
        throw new IllegalStateException("the ring of an idle shard is full");
      }
    }
    handled.await();
  }

  @Override
  public void onMessage(
      Connection connection, int opcode, DirectBuffer buffer, int offset, int length) {
    latenciesNs.recordValue(System.nanoTime() - buffer.getLong(offset));
    handled.countDown();
  }
}
