package org.millrace.bench.capacity.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.apache.commons.math3.exception.MathIllegalStateException;
import org.apache.commons.math3.fitting.leastsquares.LeastSquaresBuilder;
import org.apache.commons.math3.fitting.leastsquares.LevenbergMarquardtOptimizer;
import org.apache.commons.math3.fitting.leastsquares.MultivariateJacobianFunction;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.RealVector;
import org.apache.commons.math3.util.Pair;

/**
 * The {@link Usl} that fits measured points best, by Levenberg and Marquardt on the logarithms, so
 * that points count by their relative error; and bands by bootstrap over the repeats of each point.
 *
 * @param best of all points.
 * @param resampled fits of points drawn from the repeats.
 * @param rSquared share of the logarithms' variance that the fit explains, at most 1.
 */
public record UslFit(Usl best, List<Usl> resampled, double rSquared) {
  /** Fewest different concurrencies: three coefficients, and two to contradict them. */
  public static final int LEAST_POINTS = 5;

  private static final int RESAMPLES = 400;
  private static final double LEAST_R_SQUARED = 0.8;
  private static final double BAND = 0.95;
  private static final long SEED = 1993;
  private static final int MOST_STEPS = 2000;

  /** Keeps the logarithm defined while the search passes through impossible coefficients. */
  private static final double LEAST_DENOMINATOR = 1e-9;

  /** A measured throughput. */
  public record Point(int concurrency, double perSecond) {}

  /**
   * Fits points, some with the same concurrency.
   *
   * @throws UnsupportedModelException if they do not support the model.
   */
  public static UslFit of(List<Point> points) throws UnsupportedModelException {
    final TreeMap<Integer, List<Point>> groups = new TreeMap<>();
    for (final Point point : points) {
      groups.computeIfAbsent(point.concurrency, any -> new ArrayList<>()).add(point);
    }
    if (groups.size() < LEAST_POINTS) {
      throw new UnsupportedModelException(
          "%d different concurrencies were measured, and it takes %d: allow the server more"
              .formatted(groups.size(), LEAST_POINTS));
    }
    final Usl best = fit(points);
    if (best.sigma() < 0) {
      throw new UnsupportedModelException(
          "throughput grows faster than concurrency (contention %.3f is below 0), as it does where"
                  .formatted(best.sigma())
              + " messages that come together are handled together; the law knows no such thing");
    }
    final double rSquared = rSquared(best, points);
    if (!(rSquared >= LEAST_R_SQUARED)) {
      throw new UnsupportedModelException(
          "the law explains only %.0f %% of the variance (R\u00b2 = %.2f): the points are too noisy"
              .formatted(100 * Math.max(0, rSquared), rSquared));
    }
    return new UslFit(best, resample(groups), rSquared);
  }

  private static List<Usl> resample(TreeMap<Integer, List<Point>> groups) {
    final Random random = new Random(SEED);
    final List<Usl> all = new ArrayList<>();
    for (int i = 0; i < RESAMPLES; i++) {
      final List<Point> drawn = new ArrayList<>();
      for (final List<Point> repeats : groups.values()) {
        for (int j = 0; j < repeats.size(); j++) {
          drawn.add(repeats.get(random.nextInt(repeats.size())));
        }
      }
      fitted(drawn).ifPresent(all::add);
    }
    return all;
  }

  /** Nothing of an unlucky draw: the others stand for it. */
  private static Optional<Usl> fitted(List<Point> drawn) {
    try {
      return Optional.of(fit(drawn));
    } catch (UnsupportedModelException e) {
      return Optional.empty();
    }
  }

  private static Usl fit(List<Point> points) throws UnsupportedModelException {
    final Usl free = fit(points, true);
    return free.kappa() < 0 ? fit(points, false) : free;
  }

  private static Usl fit(List<Point> points, boolean coherence) throws UnsupportedModelException {
    final double[] logarithms =
        points.stream().mapToDouble(point -> Math.log(point.perSecond)).toArray();
    final double first = points.get(0).perSecond / points.get(0).concurrency;
    final double[] start =
        coherence ? new double[] {Math.log(first), 0.1, 1e-3} : new double[] {Math.log(first), 0.1};
    try {
      final double[] found =
          new LevenbergMarquardtOptimizer()
              .optimize(
                  new LeastSquaresBuilder()
                      .start(start)
                      .model(model(points))
                      .target(logarithms)
                      .maxEvaluations(MOST_STEPS)
                      .maxIterations(MOST_STEPS)
                      .lazyEvaluation(false)
                      .build())
              .getPoint()
              .toArray();
      return new Usl(Math.exp(found[0]), found[1], coherence ? found[2] : 0);
    } catch (MathIllegalStateException e) {
      throw new UnsupportedModelException("no coefficients were found: " + e.getMessage());
    }
  }

  private static MultivariateJacobianFunction model(List<Point> points) {
    return coefficients -> {
      final boolean coherence = coefficients.getDimension() > 2;
      final double kappa = coherence ? coefficients.getEntry(2) : 0;
      final double[] values = new double[points.size()];
      final double[][] slopes = new double[points.size()][coefficients.getDimension()];
      for (int i = 0; i < values.length; i++) {
        final double n = points.get(i).concurrency;
        final double denominator =
            Math.max(
                LEAST_DENOMINATOR, 1 + coefficients.getEntry(1) * (n - 1) + kappa * n * (n - 1));
        values[i] = coefficients.getEntry(0) + Math.log(n) - Math.log(denominator);
        slopes[i][0] = 1;
        slopes[i][1] = -(n - 1) / denominator;
        if (coherence) {
          slopes[i][2] = -n * (n - 1) / denominator;
        }
      }
      final RealVector vector = new ArrayRealVector(values, false);
      return new Pair<>(vector, new Array2DRowRealMatrix(slopes, false));
    };
  }

  private static double rSquared(Usl fit, List<Point> points) {
    final double mean =
        points.stream().mapToDouble(point -> Math.log(point.perSecond)).average().orElseThrow();
    double unexplained = 0;
    double all = 0;
    for (final Point point : points) {
      final double logarithm = Math.log(point.perSecond);
      unexplained += Math.pow(logarithm - Math.log(fit.at(point.concurrency)), 2);
      all += Math.pow(logarithm - mean, 2);
    }
    return 1 - unexplained / all;
  }

  /** Contention, with its band of 95 %. */
  public Band sigma() {
    return band(best.sigma(), resampled.stream().mapToDouble(Usl::sigma).toArray());
  }

  /** Coherence likewise. */
  public Band kappa() {
    return band(best.kappa(), resampled.stream().mapToDouble(Usl::kappa).toArray());
  }

  /** Messages a second with so many at a time likewise. */
  public Band at(double concurrency) {
    return band(
        best.at(concurrency), resampled.stream().mapToDouble(fit -> fit.at(concurrency)).toArray());
  }

  private static Band band(double value, double[] resampled) {
    Arrays.sort(resampled);
    if (resampled.length == 0) {
      return new Band(value, value, value);
    }
    final int cut = (int) (resampled.length * (1 - BAND) / 2);
    return new Band(
        Math.min(value, resampled[cut]),
        value,
        Math.max(value, resampled[resampled.length - 1 - cut]));
  }
}
