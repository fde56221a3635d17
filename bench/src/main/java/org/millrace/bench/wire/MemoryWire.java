package org.millrace.bench.wire;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.millrace.engine.connection.Inbound;
import org.millrace.engine.connection.Wire;

/** A transport in memory whose writes are complete when they return. */
public class MemoryWire implements Wire {
  private Inbound inbound;

  /** Where to deliver what the peer sends; null before the engine has taken the wire. */
  public final Inbound inbound() {
    return inbound;
  }

  /** The engine writes {@code batch}, which may be read until this returns. */
  protected void written(ByteBuffer batch) {}

  @Override
  public final void attached(Inbound newInbound) {
    inbound = newInbound;
  }

  @Override
  public void opened() {}

  @Override
  public final boolean write(ByteBuffer batch) {
    written(batch);
    return true;
  }

  /** Never asked for: whoever delivers here does not call {@link Inbound#stalled}. */
  @Override
  public final void resume() {
    throw new IllegalStateException("resume without a stall");
  }

  @Override
  public final void shutdownOutput() {}

  @Override
  public final void close() {}

  @Override
  public final SocketAddress localAddress() {
    return null;
  }

  @Override
  public final SocketAddress remoteAddress() {
    return null;
  }
}
