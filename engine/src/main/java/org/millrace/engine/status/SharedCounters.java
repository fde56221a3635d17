package org.millrace.engine.status;

import java.util.concurrent.atomic.AtomicLongArray;

/** Values of those {@link EngineCounter}s that any thread may write, for what happens seldom. */
public final class SharedCounters {
  private final AtomicLongArray values = new AtomicLongArray(EngineCounter.idLimit());

  public void increment(EngineCounter counter) {
    values.getAndIncrement(counter.id());
  }

  /** Counts a WebSocket of {@code subProtocol} in, and raises the maxima that this passes. */
  public void connectionOpened(SubProtocol subProtocol) {
    enter(EngineCounter.CURRENT_CONNECTIONS, EngineCounter.MAX_CONCURRENT_CONNECTIONS);
    final EngineCounter current = EngineCounter.CURRENT_CONNECTIONS.of(subProtocol);
    if (current != null) {
      enter(current, EngineCounter.MAX_CONCURRENT_CONNECTIONS.of(subProtocol));
    }
  }

  public void connectionClosed(SubProtocol subProtocol) {
    values.getAndDecrement(EngineCounter.CURRENT_CONNECTIONS.id());
    final EngineCounter current = EngineCounter.CURRENT_CONNECTIONS.of(subProtocol);
    if (current != null) {
      values.getAndDecrement(current.id());
    }
  }

  /** Counts a stream in. */
  public void streamOpened() {
    values.getAndIncrement(EngineCounter.STREAM_CURRENT_CONNECTIONS.id());
  }

  public void streamClosed() {
    values.getAndDecrement(EngineCounter.STREAM_CURRENT_CONNECTIONS.id());
  }

  private void enter(EngineCounter current, EngineCounter max) {
    final long count = values.incrementAndGet(current.id());
    values.accumulateAndGet(max.id(), count, Math::max);
  }

  public long get(EngineCounter counter) {
    return values.get(counter.id());
  }
}
