package org.millrace.bench.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.millrace.bench.compare.Difference;
import org.millrace.bench.statistics.Verdict;

/**
 * What the gate says of one case.
 *
 * @param fails whether the change may not go in for it.
 * @param text why, or that all is well.
 */
record Ruling(Difference difference, boolean fails, String text) {
  /**
   * Of forks on both sides that took turns on this machine: allocation and time.
   *
   * @param confirmed what a second measurement of a slower case gave; null if there was none.
   */
  static Ruling of(Difference measured, Difference confirmed, double threshold) {
    final List<String> reasons = new ArrayList<>(allocation(measured));
    boolean fails = measured.allocatesMore();
    final Verdict first = measured.verdict(threshold);
    if (first != Verdict.SLOWER) {
      reasons.add(first.toString());
    } else if (confirmed != null && confirmed.verdict(threshold) != Verdict.SLOWER) {
      reasons.add("slower at first, and not when measured again");
    } else {
      fails = true;
      reasons.add(
          String.format(
              Locale.ROOT,
              "slower by more than %.0f %%%s",
              100 * threshold,
              confirmed == null ? "" : ", also when measured again"));
    }
    return new Ruling(measured, fails, String.join("; ", reasons));
  }

  /** Of a baseline from another time or machine: allocation only. */
  static Ruling ofAllocation(Difference measured) {
    final List<String> reasons = new ArrayList<>(allocation(measured));
    if (reasons.isEmpty()) {
      reasons.add("allocates as before");
    }
    return new Ruling(measured, measured.allocatesMore(), String.join("; ", reasons));
  }

  private static List<String> allocation(Difference measured) {
    if (measured.allocatesMore()) {
      return List.of("allocates more");
    }
    return measured.allocatesLess()
        ? List.of("allocates less: bench gate --update keeps it so")
        : List.of();
  }
}
