package org.millrace.bench.compare;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import org.millrace.bench.jmh.Case;
import org.millrace.bench.jmh.Samples;
import org.millrace.bench.statistics.Comparison;
import org.millrace.bench.statistics.Verdict;

/** Both sides of one case, each with a fork at least. */
public record Difference(Case name, Samples before, Samples after) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Both, of more forks of the same case. */
  public Difference and(Difference other) {
    return new Difference(name, before.and(other.before), after.and(other.after));
  }

  /** Of the times. */
  public Comparison times() {
    return new Comparison(before.times(), after.times());
  }

  /** What the times say. */
  public Verdict verdict(double threshold) {
    return times().verdict(threshold);
  }

  /**
   * Whether an operation allocates more than before: by anything that is not JMH's own, which
   * allocates a little in each iteration whatever is measured.
   */
  public boolean allocatesMore() {
    return after.medianBytes() > before.medianBytes() + tolerance();
  }

  /** Likewise less. */
  public boolean allocatesLess() {
    return after.medianBytes() < before.medianBytes() - tolerance();
  }

  private double tolerance() {
    return Fork.bytesOfHarness(Math.max(before.medianNs(), after.medianNs()));
  }

  /** Bytes for people: none, if they may be those of JMH itself. */
  public static String bytes(Samples samples) {
    return samples.medianBytes() < Fork.bytesOfHarness(samples.medianNs())
        ? "0"
        : String.format(Locale.ROOT, "%.1f", samples.medianBytes());
  }

  ObjectNode json(double threshold) {
    final Comparison times = times();
    final ObjectNode node = JSON.createObjectNode();
    node.put("benchmark", name.benchmark());
    final ObjectNode parameters = node.putObject("params");
    name.parameters().forEach(parameters::put);
    add(node.putObject("before"), before);
    add(node.putObject("after"), after);
    node.put("ratio", times.ratio()).put("low", times.low()).put("high", times.high());
    node.put("time", times.verdict(threshold).toString());
    return node.put(
        "allocation",
        allocatesMore() ? "more" : allocatesLess() ? "less" : Verdict.SAME.toString());
  }

  private static void add(ObjectNode node, Samples samples) {
    node.put("ns", samples.medianNs()).put("bytes", samples.medianBytes());
    final ArrayNode forks = node.putArray("forks");
    samples.ns().forEach(forks::add);
  }

  /** All of them as one document. */
  static ObjectNode json(List<Difference> all, double threshold) {
    final ObjectNode root = JSON.createObjectNode();
    final ArrayNode array = root.putArray("differences");
    all.forEach(difference -> array.add(difference.json(threshold)));
    return root;
  }
}
