package org.millrace.bench.peers;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.millrace.bench.environment.Environment;

/** The results for programs: every round of every figure. */
final class PeersJson {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private PeersJson() {}

  static String of(
      String command, Environment environment, Map<Contender, String> notes, Results results) {
    final ObjectNode root = JSON.createObjectNode().put("command", command);
    final ArrayNode lines = root.putArray("environment");
    environment.lines().forEach(lines::add);
    final ObjectNode setUp = root.putObject("peers");
    notes.forEach((contender, note) -> setUp.put(contender.toString(), note));
    final ArrayNode remarks = root.putArray("remarks");
    results.remarks().forEach(remarks::add);
    final ArrayNode figures = root.putArray("figures");
    results.keys().forEach(key -> add(figures.addObject(), key, results));
    return root.toPrettyString();
  }

  private static void add(ObjectNode node, Results.Key key, Results results) {
    final ArrayNode rounds =
        node.put("peer", key.contender().toString())
            .put("scheme", Run.scheme(key.secure()))
            .put("mode", key.figure().mode().toString())
            .put("figure", key.figure().toString())
            .put("unit", key.figure().unit())
            .put("median", results.spread(key).orElseThrow().median())
            .put("generatorBound", results.isGeneratorBound(key))
            .putArray("rounds");
    results.rounds(key).forEach(rounds::add);
    results.ratio(key).ifPresent(ratio -> node.put("ratio", ratio.median()));
  }
}
