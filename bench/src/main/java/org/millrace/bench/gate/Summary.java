package org.millrace.bench.gate;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.millrace.bench.compare.Difference;
import org.millrace.bench.environment.Environment;
import org.millrace.bench.statistics.Comparison;

/**
 * What a run of the gate came to.
 *
 * @param against what was compared with, for people.
 * @param timed whether times were compared.
 * @param missing cases that the baseline has and the working tree has not.
 */
record Summary(
    Environment environment,
    String against,
    boolean timed,
    List<Ruling> rulings,
    List<String> missing) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  boolean passed() {
    return missing.isEmpty() && rulings.stream().noneMatch(Ruling::fails);
  }

  private String headline() {
    return (passed() ? "passed" : "FAILED")
        + ": the working tree against "
        + against
        + (timed ? "" : "; times were not compared");
  }

  /** For a terminal. */
  List<String> lines() {
    final List<String> lines = new ArrayList<>();
    for (final Ruling ruling : rulings) {
      final List<String> cells = cells(ruling);
      lines.add(
          "%-4s %-62s %s ns, %s B/op: %s"
              .formatted(
                  ruling.fails() ? "FAIL" : "ok",
                  cells.get(0),
                  cells.get(1),
                  cells.get(2),
                  ruling.text()));
    }
    missing.forEach(name -> lines.add("FAIL " + name + " is gone: bench gate --update drops it"));
    lines.add("bench gate " + headline());
    return lines;
  }

  /** For a build server's page. */
  List<String> markdown() {
    final List<String> lines = new ArrayList<>();
    lines.add("# bench gate " + headline());
    lines.add("");
    lines.add("| | benchmark | ns/op | B/op | |");
    lines.add("| --- | --- | ---: | ---: | --- |");
    for (final Ruling ruling : rulings) {
      lines.add(
          "| "
              + (ruling.fails() ? "**FAIL**" : "ok")
              + " | "
              + String.join(" | ", cells(ruling))
              + " | "
              + ruling.text()
              + " |");
    }
    missing.forEach(name -> lines.add("| **FAIL** | " + name + " | | | is gone |"));
    lines.add("");
    environment.lines().forEach(line -> lines.add("- " + line));
    return lines;
  }

  private List<String> cells(Ruling ruling) {
    final Comparison times = ruling.difference().times();
    return List.of(
        ruling.difference().name().toString(),
        timed
            ? String.format(
                Locale.ROOT,
                "%.4g to %.4g (x%.3f, %.3f to %.3f)",
                times.medianBefore(),
                times.medianAfter(),
                times.ratio(),
                times.low(),
                times.high())
            : String.format(Locale.ROOT, "%.4g", times.medianAfter()),
        Difference.bytes(ruling.difference().before())
            + " to "
            + Difference.bytes(ruling.difference().after()));
  }

  String json() {
    final ObjectNode root = JSON.createObjectNode();
    root.put("passed", passed()).put("against", against).put("timed", timed);
    root.set("environment", environment.json());
    final ArrayNode array = root.putArray("cases");
    for (final Ruling ruling : rulings) {
      final Comparison times = ruling.difference().times();
      array
          .addObject()
          .put("name", ruling.difference().name().toString())
          .put("fails", ruling.fails())
          .put("text", ruling.text())
          .put("ratio", times.ratio())
          .put("low", times.low())
          .put("high", times.high())
          .put("bytesBefore", ruling.difference().before().medianBytes())
          .put("bytesAfter", ruling.difference().after().medianBytes());
    }
    final ArrayNode gone = root.putArray("missing");
    missing.forEach(gone::add);
    return root.toPrettyString() + "\n";
  }
}
