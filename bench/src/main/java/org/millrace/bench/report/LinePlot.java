package org.millrace.bench.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Figures over figures: measured points, lines through them, and bands around lines. */
public final class LinePlot implements Plot {
  private final String title;
  private String xLabel = "";
  private String yLabel = "";
  private boolean logarithmicX;
  private boolean logarithmicY;
  private final List<Series> series = new ArrayList<>();

  private enum Kind {
    LINE,
    POINTS,
    BAND
  }

  /** What has one colour; in a band {@code ys} are the lower bounds and {@code highs} the upper. */
  private record Series(
      String name, Kind kind, List<Double> xs, List<Double> ys, List<Double> highs) {}

  private LinePlot(String title) {
    this.title = title;
  }

  /** A plot without lines. */
  public static LinePlot of(String title) {
    return new LinePlot(title);
  }

  public LinePlot x(String label) {
    xLabel = label;
    return this;
  }

  public LinePlot y(String label) {
    yLabel = label;
    return this;
  }

  /** Lets equal widths be equal ratios; values must be above zero. */
  public LinePlot logarithmicX() {
    logarithmicX = true;
    return this;
  }

  /** Lets equal heights be equal ratios; values must be above zero. */
  public LinePlot logarithmicY() {
    logarithmicY = true;
    return this;
  }

  /** Adds a line from point to point. */
  public LinePlot line(String name, double[] xs, double[] ys) {
    return add(new Series(name, Kind.LINE, list(xs), list(ys), list(ys)));
  }

  /** Adds points without a line. */
  public LinePlot points(String name, double[] xs, double[] ys) {
    return add(new Series(name, Kind.POINTS, list(xs), list(ys), list(ys)));
  }

  /** Adds the area between two lines. */
  public LinePlot band(String name, double[] xs, double[] lows, double[] highs) {
    return add(new Series(name, Kind.BAND, list(xs), list(lows), list(highs)));
  }

  private LinePlot add(Series more) {
    if (more.xs.size() != more.ys.size() || more.xs.size() != more.highs.size()) {
      throw new IllegalArgumentException(more.name + ": not one y for each x");
    }
    series.add(more);
    return this;
  }

  @Override
  public String title() {
    return title;
  }

  @Override
  public String svg() {
    final Canvas canvas = new Canvas(title, series.stream().map(Series::name).toList());
    final Axis x = axis(logarithmicX, Series::xs, Series::xs);
    final Axis y = axis(logarithmicY, Series::ys, Series::highs);
    canvas.yAxis(y, yLabel);
    canvas.xAxis(x, xLabel);
    for (int i = 0; i < series.size(); i++) {
      draw(canvas, x, y, i);
    }
    return canvas.svg();
  }

  private void draw(Canvas canvas, Axis x, Axis y, int number) {
    final Series of = series.get(number);
    final List<String> lower = places(of, of.ys, x, y);
    if (of.kind == Kind.BAND) {
      final List<String> around = new ArrayList<>(places(of, of.highs, x, y));
      for (int i = lower.size() - 1; i >= 0; i--) {
        around.add(lower.get(i));
      }
      canvas.area(String.join(" ", around), number);
    } else if (of.kind == Kind.LINE) {
      canvas.path(String.join(" ", lower), number);
    } else {
      for (int i = 0; i < of.xs.size(); i++) {
        final String hint = Axis.label(of.xs.get(i)) + ": " + Axis.label(of.ys.get(i));
        canvas.dot(
            Canvas.x(x, of.xs.get(i)), Canvas.y(y, of.ys.get(i)), number, of.name + " at " + hint);
      }
    }
  }

  private static List<String> places(Series of, List<Double> ys, Axis x, Axis y) {
    return IntStream.range(0, ys.size())
        .filter(i -> Double.isFinite(ys.get(i)))
        .mapToObj(i -> Canvas.point(Canvas.x(x, of.xs.get(i)), Canvas.y(y, ys.get(i))))
        .toList();
  }

  private static List<Double> list(double... values) {
    return Arrays.stream(values).boxed().toList();
  }

  private Axis axis(
      boolean logarithmic,
      Function<Series, List<Double>> lows,
      Function<Series, List<Double>> highs) {
    final double lowest = extreme(lows, logarithmic).min().orElse(1);
    final double highest = extreme(highs, logarithmic).max().orElse(1);
    return logarithmic ? Axis.logarithmic(lowest, highest) : Axis.linear(lowest, highest);
  }

  private DoubleStream extreme(Function<Series, List<Double>> values, boolean logarithmic) {
    return series.stream()
        .map(values)
        .flatMap(List::stream)
        .mapToDouble(Double::doubleValue)
        .filter(Double::isFinite)
        .filter(value -> !logarithmic || value > 0);
  }
}
