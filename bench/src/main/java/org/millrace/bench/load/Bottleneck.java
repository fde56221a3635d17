package org.millrace.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Tells when the figures are the generator's rather than the server's. The bounds are such that
 * what is below them does not show in the percentiles that are reported.
 */
final class Bottleneck {
  private static final double MOST_BUSY = 0.9;
  private static final double MOST_STARVED = 0.1;
  private static final double MOST_GC = 0.01;
  private static final double PERCENT = 100;
  private static final double NS_PER_MS = 1e6;

  private Bottleneck() {}

  /**
   * The reasons, for people; none if there is none.
   *
   * @param lateBoundNs the latest that 99 % of the messages may be taken up after their times.
   */
  static List<String> of(ClientUse use, double seconds, long lateBoundNs) {
    final List<String> reasons = new ArrayList<>();
    if (use.busy() > MOST_BUSY) {
      add(reasons, "its thread was busy for %.0f %% of the time", use.busy() * PERCENT);
    }
    if (use.starved() > MOST_STARVED) {
      add(
          reasons,
          "its thread did not get a core for %.0f %% of the time",
          use.starved() * PERCENT);
    }
    if (use.lateP99Ns() > lateBoundNs) {
      add(
          reasons,
          "1 %% of the messages were taken up more than %.2f ms after their times",
          use.lateP99Ns() / NS_PER_MS);
    }
    if (use.gcSeconds() > MOST_GC * seconds) {
      add(reasons, "its JVM collected garbage for %.2f s", use.gcSeconds());
    }
    return reasons;
  }

  private static void add(List<String> reasons, String format, double figure) {
    reasons.add(String.format(Locale.ROOT, format, figure));
  }
}
