package org.millrace.jetty.upstream;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before the next attempt: a random time at first, so that not all edges
 * come at once when the core is back, then about twice as long each time.
 */
final class BackOff {
  private static final Duration FIRST = Duration.ofSeconds(5);
  private static final Duration STABLE = Duration.ofSeconds(30);
  private static final int MOST_DOUBLINGS = 20;

  private final Duration longest;
  private final DoubleSupplier random;
  private int failures;

  /**
   * @param random numbers from 0 to 1.
   */
  BackOff(Duration longest, DoubleSupplier random) {
    this.longest = longest;
    this.random = random;
  }

  /** An attempt has come to nothing, or a connection has ended that did not last. */
  Duration afterFailure() {
    final long most =
        Math.min(longest.toNanos(), FIRST.toNanos() << Math.min(failures, MOST_DOUBLINGS));
    final double least = failures == 0 ? 0 : 0.5;
    failures++;
    return Duration.ofNanos((long) (most * (least + (1 - least) * random.getAsDouble())));
  }

  /**
   * A connection has ended.
   *
   * @param open for how long it was open.
   * @return whether it lasted: what failed before it is forgotten.
   */
  boolean afterConnection(Duration open) {
    final boolean lasted = open.compareTo(STABLE) >= 0;
    if (lasted) {
      failures = 0;
    }
    return lasted;
  }
}
