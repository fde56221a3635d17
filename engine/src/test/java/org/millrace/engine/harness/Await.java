package org.millrace.engine.harness;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits of bounded length for what other threads do. */
public final class Await {
  /** For a machine that stands still for a while; nobody waits so long if all is well. */
  private static final long LONGEST_NS = TimeUnit.SECONDS.toNanos(60);

  /** There may be fewer processors than threads: whoever waits must not keep one busy. */
  private static final long BETWEEN_LOOKS_NS = TimeUnit.MICROSECONDS.toNanos(20);

  private Await() {}

  /** Returns as soon as {@code condition} holds; fails if that takes more than a minute. */
  public static void until(String what, BooleanSupplier condition) {
    final long startNs = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - startNs > LONGEST_NS) {
        throw new AssertionError("waited in vain: " + what);
      }
      LockSupport.parkNanos(BETWEEN_LOOKS_NS);
    }
  }
}
