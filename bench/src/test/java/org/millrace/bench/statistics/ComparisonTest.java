package org.millrace.bench.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static final double THRESHOLD = 0.08;

  /** Times of some forks: a median, and noise that only ever slows down. */
  private static double[] times(double ns, double noise, int forks, long seed) {
    final Random random = new Random(seed);
    return DoubleStream.generate(() -> ns * (1 + noise * random.nextDouble()))
        .limit(forks)
        .toArray();
  }

  @Test
  void theMedianIsTheMiddleOrBetweenTheTwoInTheMiddle() {
    assertThat(Median.of(5, 1, 3)).isEqualTo(3);
    assertThat(Median.of(4, 1, 3, 100)).isEqualTo(3.5);
    assertThatThrownBy(() -> Median.of()).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void twentyPercentSlowerIsSeenWithFiveForksThroughNoiseOfFivePercent() {
    for (int seed = 0; seed < 200; seed++) {
      final Comparison comparison =
          new Comparison(times(100, 0.05, 5, seed), times(120, 0.05, 5, seed + 1000));
      assertThat(comparison.verdict(THRESHOLD)).isEqualTo(Verdict.SLOWER);
      assertThat(comparison.ratio()).isBetween(1.1, 1.3);
      assertThat(comparison.low()).isLessThanOrEqualTo(comparison.ratio());
      assertThat(comparison.high()).isGreaterThanOrEqualTo(comparison.ratio());
    }
  }

  @Test
  void fasterIsSlowerTheOtherWayRound() {
    assertThat(new Comparison(times(120, 0.05, 5, 1), times(100, 0.05, 5, 2)).verdict(THRESHOLD))
        .isEqualTo(Verdict.FASTER);
  }

  @Test
  void theSameIsNeverSlowerHoweverNoisy() {
    for (int seed = 0; seed < 500; seed++) {
      final double noise = 0.3 * (seed % 10) / 10;
      assertThat(
              new Comparison(times(100, noise, 5, seed), times(100, noise, 5, seed + 1000))
                  .verdict(THRESHOLD))
          .isIn(Verdict.SAME, Verdict.UNCLEAR);
    }
  }

  @Test
  void theSameWithLittleNoiseIsTheSameAndWithMuchNobodyCanTell() {
    assertThat(new Comparison(times(100, 0.02, 5, 1), times(100, 0.02, 5, 2)).verdict(THRESHOLD))
        .isEqualTo(Verdict.SAME);
    assertThat(new Comparison(times(100, 0.9, 5, 1), times(100, 0.9, 5, 2)).verdict(THRESHOLD))
        .isEqualTo(Verdict.UNCLEAR);
  }

  @Test
  void aDifferenceBelowTheThresholdDoesNotMatterHoweverSure() {
    assertThat(
            new Comparison(times(100, 0.001, 10, 1), times(105, 0.001, 10, 2)).verdict(THRESHOLD))
        .isEqualTo(Verdict.SAME);
  }

  @Test
  void fewerForksThanTheLeastProveNothing() {
    final int few = Comparison.leastSize() - 1;
    assertThat(
            new Comparison(times(100, 0.01, few, 1), times(200, 0.01, few, 2)).verdict(THRESHOLD))
        .isEqualTo(Verdict.UNCLEAR);
  }
}
