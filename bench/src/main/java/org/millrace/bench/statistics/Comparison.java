package org.millrace.bench.statistics;

import java.util.Arrays;
import java.util.Random;
import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.apache.commons.statistics.inference.MannWhitneyUTest;

/**
 * Two samples of times, of which each value comes from a process of its own: values of one process
 * depend on what its compiler has made of the code, so that many of them tell no more than one.
 *
 * <p>Mann and Whitney's U test tells whether one side's times are above the other's. It knows ranks
 * only: it takes no shape of the noise for granted, which on a shared machine is anything but
 * normal, and has an exact answer for the five values a side that a gate has time for. How large
 * the difference is, is told by the ratio of medians with an interval by bootstrap.
 */
public final class Comparison {
  /** How sure a verdict has to be: as rare as this it is wrong. */
  public static final double ALPHA = 0.01;

  private static final int RESAMPLES = 10_000;
  private static final long SEED = 6455;

  private final double[] before;
  private final double[] after;
  private final double[] ratios;

  /**
   * @param before times of the first side, one at least.
   * @param after times of the second.
   */
  public Comparison(double[] before, double[] after) {
    this.before = before.clone();
    this.after = after.clone();
    ratios = resampled();
  }

  private double[] resampled() {
    final Random random = new Random(SEED); // the same samples have the same interval
    final double[] all = new double[RESAMPLES];
    for (int i = 0; i < RESAMPLES; i++) {
      all[i] = Median.of(draw(after, random)) / Median.of(draw(before, random));
    }
    Arrays.sort(all);
    return all;
  }

  private static double[] draw(double[] from, Random random) {
    final double[] drawn = new double[from.length];
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] = from[random.nextInt(from.length)];
    }
    return drawn;
  }

  /** Values of the smaller side. */
  public int size() {
    return Math.min(before.length, after.length);
  }

  public double medianBefore() {
    return Median.of(before);
  }

  public double medianAfter() {
    return Median.of(after);
  }

  /** Median of the second side over that of the first: above 1 is slower. */
  public double ratio() {
    return medianAfter() / medianBefore();
  }

  /** Lower end of the ratio's interval with 1 - {@link #ALPHA}. */
  public double low() {
    return ratios[(int) (RESAMPLES * ALPHA / 2)];
  }

  /** Upper end of it. */
  public double high() {
    return ratios[RESAMPLES - 1 - (int) (RESAMPLES * ALPHA / 2)];
  }

  /**
   * What the samples say.
   *
   * @param threshold share by which a time has to differ to matter, such as 0.05.
   */
  public Verdict verdict(double threshold) {
    if (isAbove(after, before, 1 + threshold)) {
      return Verdict.SLOWER;
    }
    if (isAbove(before, after, 1 + threshold)) {
      return Verdict.FASTER;
    }
    return low() > 1 / (1 + threshold) && high() < 1 + threshold ? Verdict.SAME : Verdict.UNCLEAR;
  }

  /** Whether a side is surely above the other, made larger by a factor. */
  private static boolean isAbove(double[] above, double[] below, double factor) {
    final double[] raised = Arrays.stream(below).map(value -> value * factor).toArray();
    return MannWhitneyUTest.withDefaults()
            .with(AlternativeHypothesis.GREATER_THAN)
            .test(above, raised)
            .getPValue()
        < ALPHA;
  }

  /** The fewest values a side with which anything can be sure. */
  public static int leastSize() {
    return 5; // of 252 orders of five and five one has all of a side above: 0.004
  }
}
