package org.millrace.engine.harness;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.NanoClock;

/** Time that stands still until a test moves it. */
public final class ManualClock implements NanoClock {
  private final AtomicLong nowNs = new AtomicLong(1_000_000_000L);

  @Override
  public long nanoTime() {
    return nowNs.get();
  }

  public void advance(Duration time) {
    nowNs.addAndGet(time.toNanos());
  }
}
