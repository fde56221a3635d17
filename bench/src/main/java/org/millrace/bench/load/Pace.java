package org.millrace.bench.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How fast messages are to leave: over steps, each at a rate that is held or changes evenly (open
 * loop, the server has no say), or as fast as answers come (closed loop).
 *
 * @param steps one after the other; each is reported for itself.
 * @param outstanding messages under way on each connection in the closed loop; 0 for the open loop.
 */
public record Pace(List<Step> steps, int outstanding) {
  /**
   * A time in which the rate goes from one to another.
   *
   * @param from messages a second at its beginning, all connections together.
   * @param to the same at its end.
   */
  public record Step(double from, double to, Duration time) {
    public Step {
      if (!(from >= 0) || !(to >= 0) || Double.isInfinite(from) || Double.isInfinite(to)) {
        throw new IllegalArgumentException("a rate is a number from 0 on: " + from + ".." + to);
      }
      if (time.isNegative() || time.isZero()) {
        throw new IllegalArgumentException("a time is longer than nothing: " + time);
      }
    }

    private Step times(double factor) {
      return new Step(from * factor, to * factor, time);
    }
  }

  public Pace {
    steps = List.copyOf(steps);
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("a pace has a step at least");
    }
    if (outstanding < 0) {
      throw new IllegalArgumentException("outstanding=" + outstanding);
    }
  }

  /** A fixed rate. */
  public static Pace fixed(double rate, Duration time) {
    return ramp(rate, rate, time);
  }

  /** A rate that changes evenly. */
  public static Pace ramp(double from, double to, Duration time) {
    return new Pace(List.of(new Step(from, to, time)), 0);
  }

  /** Fixed rates, one after the other. */
  public static Pace steps(List<Double> rates, Duration each) {
    return new Pace(rates.stream().map(rate -> new Step(rate, rate, each)).toList(), 0);
  }

  /** As fast as answers come. */
  public static Pace closed(int outstanding, Duration time) {
    return new Pace(List.of(new Step(0, 0, time)), outstanding);
  }

  /** Whether messages leave when others are answered. */
  public boolean isClosed() {
    return outstanding > 0;
  }

  /** The time of all steps. */
  public Duration time() {
    return steps.stream().map(Step::time).reduce(Duration.ZERO, Duration::plus);
  }

  /** The same with all rates changed by a factor. */
  Pace times(double factor) {
    return new Pace(steps.stream().map(step -> step.times(factor)).toList(), outstanding);
  }

  /** Both at once: the rates of each step added up; the steps take the same times. */
  Pace plus(Pace other) {
    final List<Step> sums = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      final Step one = steps.get(i);
      final Step two = other.steps.get(i);
      sums.add(new Step(one.from + two.from, one.to + two.to, one.time));
    }
    return new Pace(sums, outstanding);
  }
}
