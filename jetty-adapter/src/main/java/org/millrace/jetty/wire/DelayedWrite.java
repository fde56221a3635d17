package org.millrace.jetty.wire;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A batch that waits until frames may leave of our own accord (requirement A-10). Whoever takes it,
 * the scheduler or the end of the connection, ends the write: a scheduler that has stopped never
 * will.
 */
final class DelayedWrite implements Runnable {
  private final JettyWire wire;
  private final AtomicReference<ByteBuffer> batch;

  DelayedWrite(JettyWire wire, ByteBuffer batch) {
    this.wire = wire;
    this.batch = new AtomicReference<>(batch);
  }

  @Override
  public void run() {
    final ByteBuffer taken = batch.getAndSet(null);
    if (taken != null) {
      wire.write(wire.getEndPoint(), taken);
    }
  }

  /** Returns whether the batch had not been taken, and never will be. */
  boolean cancel() {
    return batch.getAndSet(null) != null;
  }
}
