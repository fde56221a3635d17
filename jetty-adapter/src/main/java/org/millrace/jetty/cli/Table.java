package org.millrace.jetty.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Answers of the edge for people: lists of objects become tables, objects become lines. */
final class Table {
  private static final String LINE = System.lineSeparator();
  private static final String GAP = "  ";

  private Table() {}

  static String of(JsonNode result) {
    if (result.isObject() || result.isArray()) {
      return result.isEmpty() ? "ok" + LINE : structured(result);
    }
    return text(result) + LINE;
  }

  private static String structured(JsonNode result) {
    if (result.isArray()) {
      return isRows(result) ? rows(result) : lines(result);
    }
    final StringBuilder out = new StringBuilder();
    final List<List<String>> scalars = new ArrayList<>();
    for (final Map.Entry<String, JsonNode> field : result.properties()) {
      if (field.getValue().isArray() && !field.getValue().isEmpty()) {
        out.append(structured(field.getValue()));
      } else {
        scalars.add(List.of(field.getKey(), text(field.getValue())));
      }
    }
    return out.append(aligned(scalars)).toString();
  }

  private static boolean isRows(JsonNode array) {
    for (final JsonNode element : array) {
      if (!element.isObject()) {
        return false;
      }
    }
    return true;
  }

  private static String lines(JsonNode array) {
    final StringBuilder out = new StringBuilder();
    array.forEach(element -> out.append(text(element)).append(LINE));
    return out.toString();
  }

  private static String rows(JsonNode array) {
    final Set<String> columns = new LinkedHashSet<>();
    array.forEach(row -> row.fieldNames().forEachRemaining(columns::add));
    final List<List<String>> table = new ArrayList<>();
    table.add(columns.stream().map(name -> name.toUpperCase(java.util.Locale.ROOT)).toList());
    array.forEach(
        row -> table.add(columns.stream().map(column -> text(row.path(column))).toList()));
    return aligned(table);
  }

  private static String aligned(List<List<String>> table) {
    final List<Integer> widths = new ArrayList<>();
    for (final List<String> row : table) {
      for (int i = 0; i < row.size(); i++) {
        if (i == widths.size()) {
          widths.add(0);
        }
        widths.set(i, Math.max(widths.get(i), row.get(i).length()));
      }
    }
    final StringBuilder out = new StringBuilder();
    for (final List<String> row : table) {
      final StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        line.append(row.get(i)).append(" ".repeat(widths.get(i) - row.get(i).length())).append(GAP);
      }
      out.append(line.toString().stripTrailing()).append(LINE);
    }
    return out.toString();
  }

  /** On one line, and without control characters: part of it is the client's. */
  private static String text(JsonNode node) {
    if (node.isMissingNode() || node.isNull()) {
      return "-";
    }
    if (node.isContainerNode() && node.isEmpty()) {
      return "none";
    }
    final String text = node.isValueNode() ? node.asText() : node.toString();
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
