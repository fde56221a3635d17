package org.millrace.engine.conversation;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.millrace.engine.connection.Inbound;
import org.millrace.engine.connection.Wire;

/** A transport that throws away what is written and allocates nothing. */
final class NullWire implements Wire {
  private final boolean asynchronous;
  private Inbound inbound;
  private ByteBuffer inFlight;
  private long writtenBytes;
  private int resumes;

  /**
   * @param asynchronous whether a write stays in flight until {@link #completeWrite}.
   */
  NullWire(boolean asynchronous) {
    this.asynchronous = asynchronous;
  }

  Inbound inbound() {
    return inbound;
  }

  void completeWrite() {
    consume(inFlight);
    inFlight = null;
    inbound.writeComplete();
  }

  private void consume(ByteBuffer batch) {
    writtenBytes += batch.remaining();
    batch.position(batch.limit());
  }

  long writtenBytes() {
    return writtenBytes;
  }

  int resumes() {
    return resumes;
  }

  @Override
  public void attached(Inbound newInbound) {
    inbound = newInbound;
  }

  @Override
  public void opened() {}

  @Override
  public boolean write(ByteBuffer batch) {
    if (asynchronous) {
      inFlight = batch;
      return false;
    }
    consume(batch);
    return true;
  }

  @Override
  public void resume() {
    resumes++;
  }

  @Override
  public void shutdownOutput() {}

  @Override
  public void close() {}

  @Override
  public SocketAddress localAddress() {
    return null;
  }

  @Override
  public SocketAddress remoteAddress() {
    return null;
  }
}
