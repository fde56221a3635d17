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
