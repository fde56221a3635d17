package org.millrace.bench.capacity.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FitTest {
  private static final int[] CONCURRENCIES = {1, 2, 4, 8, 16, 32, 64};

  private static List<UslFit.Point> points(IntToDoubleFunction law, double noise, long seed) {
    final Random random = new Random(seed);
    final List<UslFit.Point> points = new ArrayList<>();
    for (int repeat = 0; repeat < 3; repeat++) {
      for (final int n : CONCURRENCIES) {
        points.add(new UslFit.Point(n, law.applyAsDouble(n) * (1 + noise * random.nextGaussian())));
      }
    }
    return points;
  }

  @Test
  void theLawsCoefficientsAreFoundAgain() throws UnsupportedModelException {
    final Usl law = new Usl(5000, 0.05, 0.002);
    final UslFit fit = UslFit.of(points(law::at, 0, 1));
    assertThat(fit.best().lambda()).isCloseTo(5000, within(1.0));
    assertThat(fit.best().sigma()).isCloseTo(0.05, within(1e-4));
    assertThat(fit.best().kappa()).isCloseTo(0.002, within(1e-5));
    assertThat(fit.rSquared()).isCloseTo(1, within(1e-6));
    assertThat(law.peak()).isCloseTo(Math.sqrt(0.95 / 0.002), within(1e-9));
  }

  @Test
  void bandsCoverTheTruthInMostRuns() throws UnsupportedModelException {
    final Usl law = new Usl(5000, 0.05, 0.002);
    int covered = 0;
    for (int seed = 0; seed < 40; seed++) {
      final Band at = UslFit.of(points(law::at, 0.03, seed)).at(16);
      covered += at.low() <= law.at(16) && law.at(16) <= at.high() ? 1 : 0;
      assertThat(at.value()).isCloseTo(law.at(16), within(0.1 * law.at(16)));
    }
    assertThat(covered).isGreaterThan(24); // three repeats make a narrow bootstrap
  }

  @Test
  void aServerThatNeverGetsSlowerHasNoCoherenceAndNoPeak() throws UnsupportedModelException {
    final UslFit fit = UslFit.of(points(n -> Math.pow(n, 0.7) * 1000, 0, 1));
    assertThat(fit.best().kappa()).isZero();
    assertThat(fit.best().peak()).isInfinite();
  }

  @Test
  void whatTheLawDoesNotDescribeIsRefusedWithTheReason() {
    assertThatThrownBy(() -> UslFit.of(points(n -> n * n * 10.0, 0, 1)))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("faster than concurrency");
    assertThatThrownBy(() -> UslFit.of(points(n -> 1000, 0.9, 3).subList(0, 4)))
        .hasMessageContaining("4 different concurrencies were measured, and it takes 5");
    final Random random = new Random(5);
    assertThatThrownBy(() -> UslFit.of(points(n -> 100 + 10_000 * random.nextDouble(), 0, 1)))
        .isInstanceOf(UnsupportedModelException.class);
  }

  @Test
  void aLineHasABandThatCoversItsSlope() throws UnsupportedModelException {
    final Random random = new Random(7);
    final double[] xs = IntStream.range(1, 20).mapToDouble(i -> i * 1000).toArray();
    final double[] ys =
        IntStream.range(0, xs.length)
            .mapToDouble(i -> 50e6 + 7000 * xs[i] + 1e6 * random.nextGaussian())
            .toArray();
    final LineFit line = LineFit.of("memory", xs, ys);
    assertThat(line.each().low()).isLessThan(7000);
    assertThat(line.each().high()).isGreaterThan(7000);
    assertThat(line.base()).isCloseTo(50e6, within(5e6));
    assertThat(line.at(0)).isEqualTo(line.base());
  }

  @Test
  void whatIsNoLineIsRefused() {
    assertThatThrownBy(() -> LineFit.of("memory", new double[] {1, 2, 3}, new double[] {1, 2, 3}))
        .hasMessage("memory: 3 points, and it takes 4");
    assertThatThrownBy(
            () -> LineFit.of("memory", new double[] {1, 2, 3, 4}, new double[] {4, 3, 2, 1}))
        .hasMessageContaining("no straight line");
  }
}
