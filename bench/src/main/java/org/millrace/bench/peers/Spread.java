package org.millrace.bench.peers;

import java.util.List;

/**
 * What rounds came to.
 *
 * @param median of all; the mean of the two in the middle if their number is even.
 */
record Spread(double low, double median, double high) {
  /** Of one round at least. */
  static Spread of(List<Double> rounds) {
    final double[] sorted = rounds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    if (sorted.length == 0) {
      throw new IllegalArgumentException("there is no round");
    }
    final int middle = sorted.length / 2;
    final double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(sorted[0], median, sorted[sorted.length - 1]);
  }
}
