package org.millrace.bench.capacity;

import java.time.Duration;
import java.util.Locale;
import org.millrace.bench.load.LoadResult;

/**
 * What a server has to do for a load to count as held.
 *
 * @param p99 the latest that 99 of 100 answers may come.
 * @param loss share of the messages that may be lost, unsent or answered with an error.
 */
record ServiceLevel(Duration p99, double loss) {
  private static final double NS_PER_MS = 1e6;

  boolean isMetBy(LoadResult result) {
    return lossOf(result) <= loss
        && result.answered() > 0
        && result.total().percentile(99) <= p99.toNanos();
  }

  static double lossOf(LoadResult result) {
    final long errors = result.errors().values().stream().mapToLong(Long::longValue).sum();
    final long missing = result.intended() - result.answered();
    return (double) Math.max(errors, missing) / Math.max(1, result.intended());
  }

  static double p99MsOf(LoadResult result) {
    return result.total().percentile(99) / NS_PER_MS;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "p99 at most %.3g ms, loss at most %.3g", p99.toNanos() / NS_PER_MS, loss);
  }
}
