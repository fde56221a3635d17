package org.millrace.jetty.harness;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what nobody tells of, but not for ever. */
public final class Bounded {
  private static final long LOOK_AGAIN_NS = TimeUnit.MILLISECONDS.toNanos(2);

  private Bounded() {}

  /** Until the condition holds; fails after so many seconds. */
  public static void await(int seconds, String what, BooleanSupplier condition) {
    final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadlineNs >= 0) {
        throw new AssertionError("not within " + seconds + " s: " + what);
      }
      LockSupport.parkNanos(LOOK_AGAIN_NS);
    }
  }
}
