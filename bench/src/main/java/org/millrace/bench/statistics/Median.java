package org.millrace.bench.statistics;

import java.util.Arrays;
import java.util.Collection;

/** The value in the middle, which a few bad rounds on a shared machine do not move. */
public final class Median {
  private Median() {}

  /**
   * The median of values in any order.
   *
   * @throws IllegalArgumentException if there are none.
   */
  public static double of(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("no values");
    }
    final double[] sorted = values.clone();
    Arrays.sort(sorted);
    final int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** As above. */
  public static double of(Collection<Double> values) {
    return of(values.stream().mapToDouble(Double::doubleValue).toArray());
  }
}
