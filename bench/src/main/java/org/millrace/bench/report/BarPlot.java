package org.millrace.bench.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Bars, in groups that stand on the x axis. A value that is not a number has no bar: it was not
 * measured.
 */
public final class BarPlot implements Plot {
  private static final double SHARE_OF_GROUP = 0.8;
  private static final double WIDEST = 60;

  private final String title;
  private String yLabel = "";
  private boolean logarithmic;
  private final List<String> groups;
  private final List<Series> series = new ArrayList<>();

  /** What has one colour: a value for each group, and between which values it was found. */
  private record Series(String name, List<Double> values, List<Double> lows, List<Double> highs) {}

  private BarPlot(String title, List<String> groups) {
    this.title = title;
    this.groups = List.copyOf(groups);
  }

  /** A plot without bars. */
  public static BarPlot of(String title, List<String> groups) {
    return new BarPlot(title, groups);
  }

  /** What the height of a bar means. */
  public BarPlot y(String label) {
    yLabel = label;
    return this;
  }

  /** Lets equal heights be equal ratios; values must be above zero. */
  public BarPlot logarithmicY() {
    logarithmic = true;
    return this;
  }

  /** Adds a bar to each group. */
  public BarPlot series(String name, double... values) {
    return series(name, values, values, values);
  }

  /** Adds a bar to each group, with a line from low to high on it. */
  public BarPlot series(String name, double[] values, double[] lows, double[] highs) {
    if (values.length != groups.size()
        || lows.length != values.length
        || highs.length != values.length) {
      throw new IllegalArgumentException(
          name + ": not one value for each of " + groups.size() + " groups");
    }
    series.add(new Series(name, list(values), list(lows), list(highs)));
    return this;
  }

  @Override
  public String title() {
    return title;
  }

  @Override
  public String svg() {
    final Canvas canvas = new Canvas(title, series.stream().map(Series::name).toList());
    final Axis axis = axis();
    canvas.yAxis(axis, yLabel);
    final double group = (double) (Canvas.RIGHT - Canvas.LEFT) / Math.max(1, groups.size());
    final double bar = Math.min(WIDEST, group * SHARE_OF_GROUP / Math.max(1, series.size()));
    for (int i = 0; i < groups.size(); i++) {
      final double middle = Canvas.LEFT + (i + 0.5) * group;
      canvas.text(middle, Canvas.BOTTOM + 20, "middle", "mr-text", groups.get(i));
      for (int j = 0; j < series.size(); j++) {
        final double x = middle + (j - series.size() / 2.0) * bar;
        draw(canvas, axis, i, j, x, bar);
      }
    }
    return canvas.svg();
  }

  private void draw(Canvas canvas, Axis axis, int group, int number, double x, double width) {
    final Series of = series.get(number);
    final double value = of.values.get(group);
    if (!Double.isFinite(value)) {
      return;
    }
    final double zero = Canvas.y(axis, axis.logarithmic() ? axis.min() : 0);
    final double end = Canvas.y(axis, value);
    final String hint = (of.name + " " + groups.get(group) + ": ").stripLeading();
    canvas.rectangle(
        x + 1,
        Math.min(zero, end),
        width - 2,
        Math.abs(zero - end),
        number,
        hint + Axis.label(value));
    if (of.lows.get(group) < of.highs.get(group)) {
      final double middle = x + width / 2;
      canvas.line(
          middle,
          Canvas.y(axis, of.lows.get(group)),
          middle,
          Canvas.y(axis, of.highs.get(group)),
          "mr-axis");
    }
  }

  private static List<Double> list(double... values) {
    return Arrays.stream(values).boxed().toList();
  }

  private Axis axis() {
    final double[] all =
        series.stream()
            .flatMap(of -> Stream.of(of.values, of.lows, of.highs))
            .flatMapToDouble(values -> values.stream().mapToDouble(Double::doubleValue))
            .filter(Double::isFinite)
            .filter(value -> !logarithmic || value > 0)
            .toArray();
    final double lowest = Arrays.stream(all).min().orElse(1);
    final double highest = Arrays.stream(all).max().orElse(1);
    return logarithmic ? Axis.logarithmic(lowest, highest) : Axis.linear(lowest, highest);
  }
}
