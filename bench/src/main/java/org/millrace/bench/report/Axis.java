package org.millrace.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The scale of an axis, from its first tick to its last.
 *
 * @param min where it begins.
 * @param max where it ends.
 * @param logarithmic whether equal distances are equal ratios.
 */
record Axis(double min, double max, boolean logarithmic) {
  private static final int MOST_TICKS = 7;

  /** A scale that begins at zero unless there is something below, and ends at a round value. */
  static Axis linear(double lowest, double highest) {
    final double from = Math.min(0, lowest);
    final double to = highest > from ? highest : from + 1;
    final double step = step(from, to);
    return new Axis(Math.floor(from / step) * step, Math.ceil(to / step - 1e-9) * step, false);
  }

  /** A scale over whole decades. */
  static Axis logarithmic(double lowest, double highest) {
    if (!(lowest > 0)) {
      throw new IllegalArgumentException("a logarithmic axis has no place for " + lowest);
    }
    final double from = Math.floor(Math.log10(lowest) + 1e-9);
    final double to = Math.max(from + 1, Math.ceil(Math.log10(highest) - 1e-9));
    return new Axis(Math.pow(10, from), Math.pow(10, to), true);
  }

  /** The smallest of 1, 2, 5 and their multiples of ten that does not yield too many ticks. */
  private static double step(double from, double to) {
    final double least = (to - from) / (MOST_TICKS - 1);
    final double decade = Math.pow(10, Math.floor(Math.log10(least)));
    for (final int factor : new int[] {1, 2, 5}) {
      if (factor * decade >= least * (1 - 1e-9)) {
        return factor * decade;
      }
    }
    return 10 * decade;
  }

  /**
   * Where a value lies: 0 at the beginning, 1 at the end; what lies beyond is at the nearer one.
   */
  double at(double value) {
    final double where =
        logarithmic
            ? Math.log10(Math.max(value, min) / min) / Math.log10(max / min)
            : (value - min) / (max - min);
    return Math.min(1, Math.max(0, where));
  }

  List<Double> ticks() {
    final List<Double> ticks = new ArrayList<>();
    if (logarithmic) {
      final int decades = (int) Math.round(Math.log10(max / min));
      for (int i = 0; i <= decades; i++) {
        ticks.add(min * Math.pow(10, i));
      }
    } else {
      final double step = step(min, max);
      final int count = (int) Math.round((max - min) / step);
      for (int i = 0; i <= count; i++) {
        ticks.add(min + i * step);
      }
    }
    return ticks;
  }

  /** A value beside its tick: short, without noise in its last digits. */
  static String label(double value) {
    final double size = Math.abs(value);
    if (size >= 1e6) {
      return shortest(value / 1e6) + "M";
    }
    if (size >= 1e4) {
      return shortest(value / 1e3) + "k";
    }
    return shortest(value);
  }

  private static String shortest(double value) {
    final String text = String.format(Locale.ROOT, "%.4f", value);
    final String trimmed = text.replaceAll("0+$", "").replaceAll("\\.$", "");
    return trimmed.equals("-0") ? "0" : trimmed;
  }
}
