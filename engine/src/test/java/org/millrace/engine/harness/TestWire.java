package org.millrace.engine.harness;

import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.millrace.engine.connection.Inbound;
import org.millrace.engine.connection.Wire;

/**
 * A transport in memory that keeps the rules of {@link Wire} and notes what the engine asked of it.
 * To be used with an engine in invoker mode by one thread.
 */
public final class TestWire implements Wire {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final List<String> calls = new ArrayList<>();
  private final List<Integer> writes = new ArrayList<>();
  private final Map<String, RuntimeException> faults = new HashMap<>();
  private Runnable onResume = () -> {};
  private Inbound inbound;
  private ByteBuffer inFlight;
  private ByteBuffer readBuffer;
  private ByteBuffer kept;
  private boolean blocked;
  private boolean opened;
  private boolean outputShut;
  private boolean closed;
  private int resumes;

  // ---- what a test does ----

  /** From now on a write stays in flight until {@link #completeWrite}. */
  public TestWire block() {
    blocked = true;
    return this;
  }

  /** From now on a write is complete when it returns. Does not complete the one in flight. */
  public TestWire unblock() {
    blocked = false;
    return this;
  }

  /** From now on the method of that name throws; null to end that. */
  public TestWire fault(String method, RuntimeException fault) {
    faults.put(method, fault);
    return this;
  }

  /** What the wire does at once when it may read again. */
  public TestWire onResume(Runnable action) {
    onResume = action;
    return this;
  }

  private void throwFault(String method) {
    final RuntimeException fault = faults.get(method);
    if (fault != null) {
      throw fault;
    }
  }

  /** Ends the write in flight. */
  public void completeWrite() {
    final ByteBuffer batch = inFlight;
    inFlight = null;
    take(batch);
    inbound.writeComplete();
  }

  public void failWrite(Throwable cause) {
    inFlight = null;
    inbound.writeFailed(cause);
  }

  /** Forgets the write in flight; the engine is not told. */
  public void dropWrite() {
    inFlight = null;
  }

  public boolean isWriting() {
    return inFlight != null;
  }

  /**
   * Delivers bytes as a transport would: what the ring refuses is kept and handed over as stalled.
   *
   * @return one of Inbound's codes.
   */
  public int deliver(byte[] bytes) {
    return deliver(bytes, 0, bytes.length);
  }

  public int deliver(byte[] bytes, int offset, int length) {
    if (kept != null) {
      throw new IllegalStateException("a stalled wire must not read");
    }
    if (readBuffer == null || readBuffer.capacity() < length) {
      readBuffer = ByteBuffer.allocateDirect(length).order(ByteOrder.nativeOrder());
    }
    readBuffer.clear().put(bytes, offset, length).flip();
    final int result = inbound.deliver(readBuffer);
    if (result == Inbound.STALLED) {
      kept = readBuffer;
      readBuffer = null;
      inbound.stalled(kept);
    }
    return result;
  }

  public boolean isStalled() {
    return kept != null;
  }

  public void endOfInput() {
    inbound.endOfInput();
  }

  public void fail(Throwable cause) {
    inbound.failed(cause);
  }

  public Inbound inbound() {
    return inbound;
  }

  /** All bytes whose writes are complete. */
  public byte[] written() {
    return written.toByteArray();
  }

  /** All bytes whose writes are complete since the last call. */
  public byte[] takeWritten() {
    final byte[] bytes = written.toByteArray();
    written.reset();
    return bytes;
  }

  /** The length of each write that was begun. */
  public List<Integer> writes() {
    return writes;
  }

  /** opened, shutdownOutput, close, in the order in which they were called. */
  public List<String> calls() {
    return calls;
  }

  public boolean isOpened() {
    return opened;
  }

  public boolean isOutputShut() {
    return outputShut;
  }

  public boolean isClosed() {
    return closed;
  }

  public int resumes() {
    return resumes;
  }

  // ---- what the engine does ----

  @Override
  public void attached(Inbound newInbound) {
    inbound = newInbound;
    throwFault("attached");
  }

  @Override
  public void opened() {
    if (opened || closed) {
      throw new IllegalStateException("opened while opened=" + opened + " closed=" + closed);
    }
    opened = true;
    calls.add("opened");
    throwFault("opened");
  }

  @Override
  public boolean write(ByteBuffer batch) {
    if (inFlight != null || outputShut || closed) {
      throw new IllegalStateException(
          "write while inFlight="
              + (inFlight != null)
              + " shut="
              + outputShut
              + " closed="
              + closed);
    }
    if (!batch.hasRemaining()) {
      throw new IllegalStateException("empty write");
    }
    throwFault("write");
    writes.add(batch.remaining());
    if (blocked) {
      inFlight = batch;
      return false;
    }
    take(batch);
    return true;
  }

  private void take(ByteBuffer batch) {
    while (batch.hasRemaining()) {
      written.write(batch.get());
    }
  }

  @Override
  public void resume() {
    if (kept == null || closed) {
      throw new IllegalStateException("resume while kept=" + kept + " closed=" + closed);
    }
    scribbleOverKept();
    resumes++;
    throwFault("resume");
    onResume.run();
  }

  /** As a transport that uses its buffer for something else: who still reads it shall notice. */
  private void scribbleOverKept() {
    if (kept != null) {
      kept.clear();
      while (kept.hasRemaining()) {
        kept.put((byte) 0xEE);
      }
      kept = null;
    }
  }

  @Override
  public void shutdownOutput() {
    if (inFlight != null || outputShut || closed) {
      throw new IllegalStateException(
          "shutdownOutput while inFlight="
              + (inFlight != null)
              + " shut="
              + outputShut
              + " closed="
              + closed);
    }
    outputShut = true;
    calls.add("shutdownOutput");
    throwFault("shutdownOutput");
  }

  @Override
  public void close() {
    if (closed) {
      throw new IllegalStateException("closed twice");
    }
    closed = true;
    scribbleOverKept();
    calls.add("close");
    throwFault("close");
  }

  @Override
  public SocketAddress localAddress() {
    throwFault("localAddress");
    return InetSocketAddress.createUnresolved("local.invalid", 443);
  }

  @Override
  public SocketAddress remoteAddress() {
    throwFault("remoteAddress");
    return InetSocketAddress.createUnresolved("remote.invalid", 51234);
  }
}
