package org.millrace.bench.peers;

import java.util.Collections;
import java.util.List;
import org.millrace.bench.statistics.Median;

/**
 * What rounds came to.
 *
 * @param median of all; the mean of the two in the middle if their number is even.
 */
record Spread(double low, double median, double high) {
  /** Of one round at least. */
  static Spread of(List<Double> rounds) {
    return new Spread(Collections.min(rounds), Median.of(rounds), Collections.max(rounds));
  }
}
