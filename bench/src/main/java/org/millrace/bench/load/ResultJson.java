package org.millrace.bench.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.HdrHistogram.Histogram;
import org.millrace.bench.load.client.Latencies;

/**
 * A {@link LoadResult} as JSON. Percentiles are written for people and for scripts; what is read
 * again are the whole histograms.
 */
final class ResultJson {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final double NS_PER_US = 1e3;
  private static final double[] PERCENTILES = {50, 90, 99, 99.9, 99.99};

  private ResultJson() {}

  static String write(LoadResult result) {
    return tree(result).toPrettyString();
  }

  /** The same on one line. */
  static String line(LoadResult result) {
    return tree(result).toString();
  }

  private static ObjectNode tree(LoadResult result) {
    final ObjectNode root = JSON.createObjectNode();
    root.set("plan", PlanJson.write(result.plan()));
    addAll(root.putArray("environment"), result.environment());
    root.put("answersPerSecond", result.answersPerSecond());
    root.set("total", write(result.total()));
    final ArrayNode steps = root.putArray("steps");
    result.steps().forEach(step -> steps.add(write(step)));
    root.set("errors", write(result.errors()));
    root.set("notes", write(result.notes()));
    root.set("handshake", write(result.handshake()));
    result.server().ifPresent(server -> root.set("server", JSON.valueToTree(server)));
    root.set("client", JSON.valueToTree(result.client()));
    addAll(root.putArray("bottlenecks"), result.bottlenecks());
    return root;
  }

  private static void addAll(ArrayNode array, List<String> lines) {
    lines.forEach(array::add);
  }

  private static ObjectNode write(Tally tally) {
    final ObjectNode node =
        JSON.createObjectNode()
            .put("seconds", tally.seconds())
            .put("intended", tally.intended())
            .put("sent", tally.sent())
            .put("answered", tally.answered())
            .put("lost", tally.lost())
            .put("unsent", tally.unsent());
    node.set("latency", write(tally.latency()));
    return node;
  }

  private static ObjectNode write(Histogram histogram) {
    final ObjectNode node = JSON.createObjectNode().put("count", histogram.getTotalCount());
    for (final double percentile : PERCENTILES) {
      node.put(
          "p" + Double.toString(percentile).replaceAll("\\.0$", "") + "Us",
          histogram.getValueAtPercentile(percentile) / NS_PER_US);
    }
    return node.put("meanUs", histogram.getMean() / NS_PER_US)
        .put("maxUs", histogram.getMaxValue() / NS_PER_US)
        .put("histogram", Latencies.encode(histogram));
  }

  private static ObjectNode write(Map<String, Long> counts) {
    final ObjectNode node = JSON.createObjectNode();
    new TreeMap<>(counts).forEach(node::put);
    return node;
  }

  static LoadResult read(String text) {
    try {
      final JsonNode root = JSON.readTree(text);
      return new LoadResult(
          PlanJson.read(root.required("plan")),
          texts(root.required("environment")),
          tally(root.required("total")),
          StreamSupport.stream(root.required("steps").spliterator(), false)
              .map(ResultJson::tally)
              .toList(),
          root.required("answersPerSecond").doubleValue(),
          counts(root.required("errors")),
          counts(root.required("notes")),
          histogram(root.required("handshake")),
          root.has("server")
              ? Optional.of(JSON.treeToValue(root.get("server"), ServerUse.class))
              : Optional.empty(),
          JSON.treeToValue(root.required("client"), ClientUse.class),
          texts(root.required("bottlenecks")));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not the result of a load", e);
    }
  }

  private static Tally tally(JsonNode node) {
    return new Tally(
        node.required("seconds").doubleValue(),
        node.required("intended").longValue(),
        node.required("sent").longValue(),
        node.required("answered").longValue(),
        histogram(node.required("latency")));
  }

  private static Histogram histogram(JsonNode node) {
    return Latencies.decode(node.required("histogram").textValue());
  }

  private static List<String> texts(JsonNode array) {
    final List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.textValue()));
    return texts;
  }

  private static Map<String, Long> counts(JsonNode node) {
    final Map<String, Long> counts = new TreeMap<>();
    node.properties().forEach(field -> counts.put(field.getKey(), field.getValue().asLong()));
    return counts;
  }
}
