package org.millrace.bench.capacity.model;

import java.util.Locale;

/** A value, and between what it is in 95 of 100 cases. */
public record Band(double low, double value, double high) {
  /** The values multiplied. */
  public Band times(double factor) {
    return new Band(low * factor, value * factor, high * factor);
  }

  /** Four digits each. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.4g (%.4g to %.4g)", value, low, high);
  }
}
