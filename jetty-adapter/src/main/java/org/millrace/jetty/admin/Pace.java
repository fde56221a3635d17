package org.millrace.jetty.admin;

import java.util.random.RandomGenerator;
import org.agrona.collections.LongArrayList;

/**
 * Spreads the closes of connections over a time: in random order, one in every interval, at a
 * random moment within it, so that clients do not come back at the same instant.
 */
final class Pace {
  private final LongArrayList ids;
  private final RandomGenerator random;
  private final long startNs;
  private final double intervalNs;
  private int next;
  private long nextDueNs;

  /**
   * @param ids in any order; taken over.
   */
  Pace(LongArrayList ids, RandomGenerator random, long startNs, double intervalNs) {
    this.ids = ids;
    this.random = random;
    this.startNs = startNs;
    this.intervalNs = intervalNs;
    shuffle();
    chooseMoment();
  }

  private void shuffle() {
    for (int i = ids.size() - 1; i > 0; i--) {
      final int j = random.nextInt(i + 1);
      final long id = ids.getLong(i);
      ids.setLong(i, ids.getLong(j));
      ids.setLong(j, id);
    }
  }

  private void chooseMoment() {
    nextDueNs = startNs + (long) ((next + random.nextDouble()) * intervalNs);
  }

  boolean isDone() {
    return next == ids.size();
  }

  int left() {
    return ids.size() - next;
  }

  /** When {@link #take} is due. */
  long nextDueNs() {
    return nextDueNs;
  }

  /** The connection to be closed next. */
  long take() {
    final long id = ids.getLong(next++);
    chooseMoment();
    return id;
  }
}
