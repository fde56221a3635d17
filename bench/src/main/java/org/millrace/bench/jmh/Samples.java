package org.millrace.bench.jmh;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.millrace.bench.statistics.Median;

/**
 * What was measured of a case, a value for each fork.
 *
 * <p>Of a fork's time the fastest iteration counts: others on the machine only ever slow one down.
 * Of its allocation the iteration with the least: the rest is of the harness.
 *
 * @param ns time of an operation.
 * @param bytes allocated by an operation.
 */
public record Samples(List<Double> ns, List<Double> bytes) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String SECONDARY = "secondaryMetrics";
  private static final String ALLOCATION = "gc.alloc.rate.norm";

  /** Which time of an operation counts. */
  public enum Clock {
    /** For iterations so long that none of them is left alone where others use the machine. */
    CPU,

    /**
     * For iterations so short that a few of many are left alone: the fastest one's time is that of
     * the code. CPU time is not, as it is counted for the whole JVM, the harness included, which
     * weighs in a short iteration; and in a disturbed one it grows, too, with cold caches and a
     * shared core.
     */
    WALL
  }

  public Samples {
    ns = List.copyOf(ns);
    bytes = List.copyOf(bytes);
  }

  /** Both, of more forks. */
  public Samples and(Samples other) {
    final List<Double> times = new ArrayList<>(ns);
    times.addAll(other.ns);
    final List<Double> allocated = new ArrayList<>(bytes);
    allocated.addAll(other.bytes);
    return new Samples(times, allocated);
  }

  public double[] times() {
    return ns.stream().mapToDouble(Double::doubleValue).toArray();
  }

  public double medianNs() {
    return Median.of(ns);
  }

  public double medianBytes() {
    return Median.of(bytes);
  }

  /**
   * Reads a result file of JMH.
   *
   * @throws IOException if it cannot be read, or is none, or is one without CPU times or
   *     allocation; the message says which.
   */
  public static SortedMap<Case, Samples> read(Path file) throws IOException {
    return read(file, Clock.CPU);
  }

  /** As above, with either time. */
  public static SortedMap<Case, Samples> read(Path file, Clock clock) throws IOException {
    final JsonNode root;
    try {
      root = JSON.readTree(Files.readAllBytes(file));
    } catch (JsonProcessingException e) {
      throw new IOException(file + " is not JSON: " + e.getOriginalMessage(), e);
    }
    if (root == null || !root.isArray()) {
      throw new IOException(file + " is not a result file of JMH: those are arrays");
    }
    final SortedMap<Case, Samples> all = new TreeMap<>();
    for (final JsonNode result : root) {
      final Map<String, String> parameters = new TreeMap<>();
      result
          .path("params")
          .properties()
          .forEach(entry -> parameters.put(entry.getKey(), entry.getValue().asText()));
      final Case name = Case.of(result.path("benchmark").asText(), parameters);
      final List<Double> times =
          clock == Clock.CPU
              ? leastOfEachFork(file, name, result.path(SECONDARY), CpuTime.LABEL)
              : leastOfEachFork(file, name, result, "primaryMetric");
      all.put(
          name,
          new Samples(times, leastOfEachFork(file, name, result.path(SECONDARY), ALLOCATION)));
    }
    return all;
  }

  private static List<Double> leastOfEachFork(Path file, Case name, JsonNode metrics, String metric)
      throws IOException {
    final List<Double> all = new ArrayList<>();
    for (final JsonNode fork : metrics.path(metric).path("rawData")) {
      double least = Double.MAX_VALUE;
      for (final JsonNode iteration : fork) {
        least = Math.min(least, iteration.asDouble(Double.MAX_VALUE));
      }
      all.add(least);
    }
    if (all.isEmpty()) {
      throw new IOException(
          file + " has no " + metric + " of " + name + ": it was not made by bench jmh");
    }
    return all;
  }
}
