package org.millrace.bench.capacity.model;

import org.apache.commons.math3.stat.regression.SimpleRegression;

/**
 * A straight line through measured points: what one more connection or message takes.
 *
 * @param base what is taken with none.
 * @param each what each takes, with the band that ordinary least squares gives.
 * @param rSquared share of the variance that the line explains.
 */
public record LineFit(double base, Band each, double rSquared) {
  private static final int LEAST_POINTS = 4;
  private static final double LEAST_R_SQUARED = 0.8;

  /** One minus the band. */
  private static final double ALPHA = 0.05;

  /**
   * Fits points.
   *
   * @param what they are of, for the reason of a refusal.
   * @throws UnsupportedModelException if they lie on no line.
   */
  public static LineFit of(String what, double[] xs, double[] ys) throws UnsupportedModelException {
    if (xs.length < LEAST_POINTS) {
      throw new UnsupportedModelException(
          "%s: %d points, and it takes %d".formatted(what, xs.length, LEAST_POINTS));
    }
    final SimpleRegression line = new SimpleRegression();
    for (int i = 0; i < xs.length; i++) {
      line.addData(xs[i], ys[i]);
    }
    if (!(line.getSlope() > 0) || !(line.getRSquare() >= LEAST_R_SQUARED)) {
      throw new UnsupportedModelException(
          "%s: no straight line (slope %.3g, R\u00b2 = %.2f)"
              .formatted(what, line.getSlope(), line.getRSquare()));
    }
    final double half = line.getSlopeConfidenceInterval(ALPHA);
    return new LineFit(
        line.getIntercept(),
        new Band(Math.max(0, line.getSlope() - half), line.getSlope(), line.getSlope() + half),
        line.getRSquare());
  }

  public double at(double x) {
    return base + each.value() * x;
  }
}
