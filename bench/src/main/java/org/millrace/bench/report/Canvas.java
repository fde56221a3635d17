package org.millrace.bench.report;

import java.util.List;
import java.util.Locale;

/** The frame that plots have in common, and what they draw with. One for each drawing. */
final class Canvas {
  static final int LEFT = 74;
  static final int RIGHT = 700;
  static final int TOP = 44;
  static final int BOTTOM = 330;

  private static final int WIDTH = 720;
  private static final int LEGEND_FROM = 392;
  private static final int LEGEND_ROW = 20;
  private static final int LEGEND_ITEM = 156;
  private static final int LEGEND_ITEMS = 4;

  /** Told apart by those who do not see all colours alike, and on light and dark ground. */
  private static final List<String> COLOURS =
      List.of(
          "#2f7fd1", "#e08a00", "#1f9e77", "#d1495b", "#9a6fc4", "#17a2b8", "#a8791f", "#808890");

  private static final String STYLE =
      """
      .mr-text { fill: #1d2329; font: 12px system-ui, sans-serif; }
      .mr-title { font-weight: 600; font-size: 14px; }
      .mr-grid { stroke: #c9d1d9; stroke-width: 1; }
      .mr-axis { stroke: #1d2329; stroke-width: 1; }
      @media (prefers-color-scheme: dark) {
        .mr-text { fill: #dde3ea; }
        .mr-grid { stroke: #3b444d; }
        .mr-axis { stroke: #dde3ea; }
      }
      """;

  private final StringBuilder shapes = new StringBuilder();
  private final int height;

  /**
   * A canvas with a title and a legend.
   *
   * @param series their names, in the order of their colours; no legend for a single one without a
   *     name.
   */
  Canvas(String title, List<String> series) {
    final boolean named = !(series.size() == 1 && series.get(0).isEmpty());
    final int rows = named ? (series.size() + LEGEND_ITEMS - 1) / LEGEND_ITEMS : 0;
    height = LEGEND_FROM + rows * LEGEND_ROW;
    shapes.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
            .formatted(WIDTH, height, WIDTH, height));
    shapes.append(" role=\"img\" aria-label=\"" + Markup.escape(title) + "\">\n");
    shapes.append("<title>" + Markup.escape(title) + "</title>\n<style>\n" + STYLE + "</style>\n");
    text(LEFT, TOP - 20, "start", "mr-text mr-title", title);
    if (named) {
      legend(series);
    }
  }

  private void legend(List<String> series) {
    for (int i = 0; i < series.size(); i++) {
      final int x = LEFT + i % LEGEND_ITEMS * LEGEND_ITEM;
      final int y = LEGEND_FROM + i / LEGEND_ITEMS * LEGEND_ROW;
      rectangle(x, y - 10, 12, 12, i, series.get(i));
      text(x + 18, y, "start", "mr-text", series.get(i));
    }
  }

  /** The colour of a series; there are eight. */
  private static String colour(int series) {
    return COLOURS.get(series % COLOURS.size());
  }

  /** The y axis with its lines across the plot. */
  void yAxis(Axis axis, String label) {
    for (final double tick : axis.ticks()) {
      final double y = y(axis, tick);
      line(LEFT, y, RIGHT, y, "mr-grid");
      text(LEFT - 8, y + 4, "end", "mr-text", Axis.label(tick));
    }
    line(LEFT, TOP, LEFT, BOTTOM, "mr-axis");
    line(LEFT, BOTTOM, RIGHT, BOTTOM, "mr-axis");
    shapes.append(
        format(
            "<text class=\"mr-text\" text-anchor=\"middle\" transform=\"translate(16 %.1f)"
                + " rotate(-90)\">%s</text>\n",
            (TOP + BOTTOM) / 2.0, Markup.escape(label)));
  }

  /** The x axis of figures. */
  void xAxis(Axis axis, String label) {
    for (final double tick : axis.ticks()) {
      final double x = x(axis, tick);
      line(x, BOTTOM, x, BOTTOM + 5, "mr-axis");
      text(x, BOTTOM + 20, "middle", "mr-text", Axis.label(tick));
    }
    text((LEFT + RIGHT) / 2.0, BOTTOM + 40, "middle", "mr-text", label);
  }

  static double x(Axis axis, double value) {
    return LEFT + axis.at(value) * (RIGHT - LEFT);
  }

  static double y(Axis axis, double value) {
    return BOTTOM - axis.at(value) * (BOTTOM - TOP);
  }

  void text(double x, double y, String anchor, String style, String text) {
    shapes.append(
        format(
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" class=\"%s\">%s</text>\n",
            x, y, anchor, style, Markup.escape(text)));
  }

  void line(double x1, double y1, double x2, double y2, String style) {
    shapes.append(
        format(
            "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"%s\"/>\n",
            x1, y1, x2, y2, style));
  }

  /** A bar of a series' colour; {@code hint} is shown to whoever points at it. */
  void rectangle(double x, double y, double width, double height, int series, String hint) {
    shapes.append(
        format(
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\">"
                + "<title>%s</title></rect>\n",
            x, y, width, height, colour(series), Markup.escape(hint)));
  }

  void dot(double x, double y, int series, String hint) {
    shapes.append(
        format(
            "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"%s\"><title>%s</title></circle>\n",
            x, y, colour(series), Markup.escape(hint)));
  }

  /** A line through points "x,y x,y". */
  void path(String points, int series) {
    shapes.append(
        format(
            "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>\n",
            points, colour(series)));
  }

  /** An area within points "x,y x,y" through which the rest is seen. */
  void area(String points, int series) {
    shapes.append(
        format(
            "<polygon points=\"%s\" fill=\"%s\" fill-opacity=\"0.22\"/>\n",
            points, colour(series)));
  }

  static String point(double x, double y) {
    return format("%.1f,%.1f", x, y);
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  String svg() {
    return shapes + "</svg>\n";
  }
}
