package org.millrace.bench.report;

import java.util.ArrayList;
import java.util.List;

/** A table of texts. The first column names the rows; the others hold figures. */
public final class Table {
  private final String caption;
  private final List<String> columns;
  private final List<List<String>> rows = new ArrayList<>();

  private Table(String caption, List<String> columns) {
    this.caption = caption;
    this.columns = columns;
  }

  /** A table without rows. */
  public static Table of(String caption, String... columns) {
    return new Table(caption, List.of(columns));
  }

  /** A table without rows. */
  public static Table of(String caption, List<String> columns) {
    return new Table(caption, List.copyOf(columns));
  }

  /** Adds a row, with a cell for each column. */
  public Table row(String... cells) {
    return row(List.of(cells));
  }

  /** Adds a row, with a cell for each column. */
  public Table row(List<String> cells) {
    if (cells.size() != columns.size()) {
      throw new IllegalArgumentException(
          cells.size() + " cells where there are " + columns.size() + " columns: " + cells);
    }
    rows.add(List.copyOf(cells));
    return this;
  }

  /** The table for a terminal: the caption, then columns side by side. */
  public List<String> lines() {
    final List<List<String>> all = new ArrayList<>(List.of(columns));
    all.addAll(rows);
    final int[] widths = new int[columns.size()];
    for (final List<String> row : all) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    final List<String> lines = new ArrayList<>(List.of(caption));
    for (final List<String> row : all) {
      final StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        final String gap = " ".repeat(widths[i] - row.get(i).length());
        line.append(i == 0 ? row.get(i) + gap : "  " + gap + row.get(i));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  String caption() {
    return caption;
  }

  public List<String> columns() {
    return columns;
  }

  public List<List<String>> rows() {
    return List.copyOf(rows);
  }
}
