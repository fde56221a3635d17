package org.millrace.engine.conversation;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * Counts the bytes that the calling thread allocates.
 *
 * <p>What the compiler does while it replaces running code may allocate a few times and never
 * again; what the code itself allocates it allocates in every round. Hence the least of several
 * rounds, of which each has so many turns that one object in all of them would show.
 */
final class AllocationMeter {
  /** Turns in a round. */
  static final int TURNS = 10_000;

  private static final int ROUNDS = 5;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final long own = own();

  /** Bytes allocated in the best round of {@value #TURNS} turns. */
  long leastPerRound(Runnable turn) {
    for (int i = 0; i < TURNS; i++) {
      turn.run();
    }
    long least = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS && least != 0; round++) {
      final long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < TURNS; i++) {
        turn.run();
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before - own);
    }
    return least;
  }

  /** What asking costs. */
  private long own() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < TURNS; i++) {
      final long before = threads.getCurrentThreadAllocatedBytes();
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }
}
