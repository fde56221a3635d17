package org.millrace.engine.harness;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.millrace.engine.connection.Inbound;
import org.millrace.engine.connection.Wire;

/**
 * A transport in memory for engines with threads of their own. Reads are delivered by one thread of
 * the test's; writes end on the thread of an executor, as a selector's would. Breaches of the rules
 * of {@link Wire} are gathered in {@link #breaches}.
 */
public final class LiveWire implements Wire {
  private final Executor writer;
  private final Queue<String> breaches = new ConcurrentLinkedQueue<>();
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final AtomicBoolean writing = new AtomicBoolean();
  private final ByteBuffer readBuffer =
      ByteBuffer.allocateDirect(16_384).order(ByteOrder.nativeOrder());
  private Inbound inbound;
  private volatile boolean opened;
  private volatile boolean closed;
  private volatile boolean stalled;
  private volatile boolean outputShut;

  /**
   * A wire that is closed later.
   *
   * @param writer ends writes.
   */
  public LiveWire(Executor writer) {
    this.writer = writer;
  }

  // ---- what a test does ----

  /** Only one thread at a time, not while {@link #isStalled}. One of Inbound's codes. */
  public int deliver(byte[] bytes) {
    readBuffer.clear().put(bytes).flip();
    final int result = inbound.deliver(readBuffer);
    if (result == Inbound.STALLED) {
      stalled = true;
      inbound.stalled(readBuffer);
    }
    return result;
  }

  public Inbound inbound() {
    return inbound;
  }

  public boolean isOpened() {
    return opened;
  }

  public boolean isStalled() {
    return stalled;
  }

  public boolean isClosed() {
    return closed;
  }

  /** All bytes whose writes are complete. */
  public byte[] written() {
    synchronized (written) {
      return written.toByteArray();
    }
  }

  /** How many bytes {@link #written} has. */
  public int writtenLength() {
    synchronized (written) {
      return written.size();
    }
  }

  /** What the engine did that it must not do. */
  public Queue<String> breaches() {
    return breaches;
  }

  // ---- what the engine does ----

  @Override
  public void attached(Inbound newInbound) {
    inbound = newInbound;
  }

  @Override
  public void opened() {
    opened = true;
  }

  @Override
  public boolean write(ByteBuffer batch) {
    if (outputShut || closed || !writing.compareAndSet(false, true)) {
      breaches.add("write while shut=" + outputShut + " closed=" + closed + " writing=" + writing);
    }
    writer.execute(() -> endWrite(batch));
    return false;
  }

  private void endWrite(ByteBuffer batch) {
    final byte[] bytes = new byte[batch.remaining()];
    batch.get(bytes);
    final boolean fails = closed;
    if (!fails) {
      synchronized (written) {
        written.writeBytes(bytes);
      }
    }
    writing.set(false);
    if (fails) {
      inbound.writeFailed(new IOException("closed"));
    } else {
      inbound.writeComplete();
    }
  }

  @Override
  public void resume() {
    if (!stalled || closed) {
      breaches.add("resume while stalled=" + stalled + " closed=" + closed);
    }
    stalled = false;
  }

  @Override
  public void shutdownOutput() {
    if (outputShut || closed || writing.get()) {
      breaches.add("shutdownOutput while shut=" + outputShut + " closed=" + closed);
    }
    outputShut = true;
  }

  @Override
  public void close() {
    if (closed) {
      breaches.add("closed twice");
    }
    closed = true;
  }

  @Override
  public SocketAddress localAddress() {
    return null;
  }

  @Override
  public SocketAddress remoteAddress() {
    return null;
  }
}
