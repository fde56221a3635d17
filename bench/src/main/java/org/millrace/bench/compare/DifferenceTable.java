package org.millrace.bench.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.millrace.bench.statistics.Comparison;

/** Differences for people: lines for a terminal, or Markdown. */
public final class DifferenceTable {
  private static final List<String> COLUMNS =
      List.of(
          "benchmark", "before ns", "after ns", "ratio (99 %)", "B/op before", "after", "verdict");

  private final List<List<String>> rows = new ArrayList<>();

  public DifferenceTable(List<Difference> differences, double threshold) {
    for (final Difference difference : differences) {
      rows.add(row(difference, threshold));
    }
  }

  private static List<String> row(Difference difference, double threshold) {
    final Comparison times = difference.times();
    final String allocation =
        difference.allocatesMore()
            ? ", allocates more"
            : difference.allocatesLess() ? ", allocates less" : "";
    return List.of(
        difference.name().toString(),
        number(times.medianBefore()),
        number(times.medianAfter()),
        String.format(Locale.ROOT, "%.3f (%.3f to %.3f)", times.ratio(), times.low(), times.high()),
        Difference.bytes(difference.before()),
        Difference.bytes(difference.after()),
        times.verdict(threshold) + allocation);
  }

  private static String number(double ns) {
    return String.format(Locale.ROOT, ns < 100 ? "%.2f" : "%.0f", ns);
  }

  /** Aligned, with a line of headings. */
  public List<String> lines() {
    final List<List<String>> all = new ArrayList<>(List.of(COLUMNS));
    all.addAll(rows);
    final List<String> lines = new ArrayList<>();
    for (final List<String> row : all) {
      final StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        line.append(row.get(i)).append(" ".repeat(width(all, i) - row.get(i).length() + 2));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  private static int width(List<List<String>> rows, int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }

  public List<String> markdown() {
    final List<String> lines = new ArrayList<>();
    lines.add("| " + String.join(" | ", COLUMNS) + " |");
    lines.add("| --- |" + " ---: |".repeat(COLUMNS.size() - 2) + " --- |");
    rows.forEach(row -> lines.add("| " + String.join(" | ", row) + " |"));
    return lines;
  }
}
