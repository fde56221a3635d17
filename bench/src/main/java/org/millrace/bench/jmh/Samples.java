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
 * <p>Of a fork's time the fastest iteration counts, in CPU time: others on the machine only ever
 * slow one down. Of its allocation the iteration with the least: the rest is of the harness.
 *
 * @param cpuNs CPU time of an operation.
 * @param bytes allocated by an operation.
 */
public record Samples(List<Double> cpuNs, List<Double> bytes) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String ALLOCATION = "gc.alloc.rate.norm";

  public Samples {
    cpuNs = List.copyOf(cpuNs);
    bytes = List.copyOf(bytes);
  }

  /** Both, of more forks. */
  public Samples and(Samples other) {
    final List<Double> times = new ArrayList<>(cpuNs);
    times.addAll(other.cpuNs);
    final List<Double> allocated = new ArrayList<>(bytes);
    allocated.addAll(other.bytes);
    return new Samples(times, allocated);
  }

  public double[] times() {
    return cpuNs.stream().mapToDouble(Double::doubleValue).toArray();
  }

  public double medianNs() {
    return Median.of(cpuNs);
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
      final JsonNode secondary = result.path("secondaryMetrics");
      all.put(
          name,
          new Samples(
              leastOfEachFork(file, name, secondary, CpuTime.LABEL),
              leastOfEachFork(file, name, secondary, ALLOCATION)));
    }
    return all;
  }

  private static List<Double> leastOfEachFork(
      Path file, Case name, JsonNode secondary, String metric) throws IOException {
    final List<Double> all = new ArrayList<>();
    for (final JsonNode fork : secondary.path(metric).path("rawData")) {
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
