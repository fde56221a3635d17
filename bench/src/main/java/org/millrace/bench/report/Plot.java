package org.millrace.bench.report;

/** A drawing of figures. */
public sealed interface Plot permits BarPlot, LinePlot {
  /** What it shows, for those who see it and for those who have it read out. */
  String title();

  /**
   * The drawing, as a whole SVG document without a prologue: it may stand in a page or in a file.
   * Its text and lines are dark where the reader prefers light pages, and light where he prefers
   * dark ones.
   */
  String svg();
}
