package org.millrace.jetty.handshake;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A rate with a burst, as one number: the time at which the bucket would be full again. Taking a
 * token moves that time on; it may run ahead of the clock by as much as the burst is worth.
 */
final class TokenBucket {
  private static final long SECOND = 1_000_000_000L;

  private final long interval;
  private final long tolerance;
  private final AtomicLong fullAt;

  /** With no limit if {@code perSecond} is 0. */
  TokenBucket(int perSecond, int burst, long now) {
    interval = interval(perSecond);
    tolerance = tolerance(perSecond, burst);
    fullAt = new AtomicLong(now);
  }

  boolean tryTake(long now) {
    if (interval == 0) {
      return true;
    }
    while (true) {
      final long before = fullAt.get();
      if (isEmpty(before, now, tolerance)) {
        return false;
      }
      if (fullAt.compareAndSet(before, next(before, now, interval))) {
        return true;
      }
    }
  }

  static long interval(int perSecond) {
    return perSecond <= 0 ? 0 : Math.max(1, SECOND / perSecond);
  }

  static long tolerance(int perSecond, int burst) {
    return interval(perSecond) * Math.max(0, burst - 1L);
  }

  /** Whether a bucket that is full at a certain time has no token now. */
  static boolean isEmpty(long fullAt, long now, long tolerance) {
    return fullAt - now > tolerance;
  }

  /** When a bucket is full again after a token was taken. */
  static long next(long fullAt, long now, long interval) {
    return (fullAt - now > 0 ? fullAt : now) + interval;
  }
}
