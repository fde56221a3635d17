package org.millrace.bench.load.client;

import java.util.ArrayList;
import java.util.List;

/**
 * When messages are to be sent: over steps, each with a rate that is held or changes evenly. Times
 * are ns from the beginning of the first step, which a warm-up is, if there is one.
 */
public final class Schedule {
  private static final double NS = 1e9;

  /** Rates are per ns. */
  private record Step(long startNs, long ns, double from, double to, long messages) {
    long time(long number) {
      final double slope = (to - from) / ns;
      // Of both forms of the solution this is the one that also holds for a slope of 0.
      final double root = Math.sqrt(from * from + 2 * slope * number);
      return number == 0 ? startNs : startNs + Math.min(ns, (long) (2 * number / (from + root)));
    }
  }

  private final List<Step> steps = new ArrayList<>();
  private int current;
  private long number;
  private long endNs;

  /**
   * Adds a step.
   *
   * @param from messages a second at its beginning.
   * @param to messages a second at its end.
   */
  public Schedule step(double from, double to, long ns) {
    final long messages = Math.round((from + to) / 2 * (ns / NS));
    steps.add(new Step(endNs, ns, from / NS, to / NS, messages));
    endNs += ns;
    return this;
  }

  /** When the next message is to be sent; {@link Long#MAX_VALUE} if there is none any more. */
  public long next() {
    while (current < steps.size() && number == steps.get(current).messages) {
      current++;
      number = 0;
    }
    return current == steps.size() ? Long.MAX_VALUE : steps.get(current).time(number);
  }

  /** Goes on to the message after the next. */
  public void advance() {
    number++;
  }

  /** The end of the last step. */
  public long endNs() {
    return endNs;
  }
}
