package org.millrace.bench.gate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.millrace.bench.environment.Environment;
import org.millrace.bench.jmh.Case;
import org.millrace.bench.jmh.Samples;

/**
 * What the gate compares with, as it is kept in the repository: what each case allocated, which
 * holds on any machine, and the revision that times are measured against, beside the times that it
 * had where the file was written.
 *
 * @param cases with a fork or more each.
 */
record Baseline(Environment environment, SortedMap<Case, Samples> cases) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String COMMAND = "./millrace bench gate --update";

  /** Of the source that was measured. */
  String revision() {
    return environment.revision();
  }

  void write(Path file) throws IOException {
    final ObjectNode root = JSON.createObjectNode().put("command", COMMAND);
    root.set("environment", environment.json());
    final ArrayNode array = root.putArray("cases");
    cases.forEach((name, samples) -> add(array.addObject(), name, samples));
    if (file.getParent() != null) {
      Files.createDirectories(file.getParent());
    }
    Files.writeString(file, root.toPrettyString() + "\n");
  }

  private static void add(ObjectNode node, Case name, Samples samples) {
    node.put("benchmark", name.benchmark());
    final ObjectNode parameters = node.putObject("params");
    name.parameters().forEach(parameters::put);
    final ArrayNode times = node.putArray("ns");
    samples.ns().forEach(times::add);
    final ArrayNode bytes = node.putArray("bytes");
    samples.bytes().forEach(bytes::add);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IOException if it cannot; the message says why, and what to do.
   */
  static Baseline read(Path file) throws IOException {
    try {
      final JsonNode root = JSON.readTree(Files.readAllBytes(file));
      final SortedMap<Case, Samples> cases = new TreeMap<>();
      for (final JsonNode node : root.path("cases")) {
        final Map<String, String> parameters = new TreeMap<>();
        node.path("params")
            .properties()
            .forEach(entry -> parameters.put(entry.getKey(), entry.getValue().asText()));
        cases.put(
            Case.of(node.path("benchmark").asText(), parameters),
            new Samples(numbers(node.path("ns")), numbers(node.path("bytes"))));
      }
      if (cases.isEmpty()
          || cases.values().stream().anyMatch(one -> one.ns().isEmpty() || one.bytes().isEmpty())) {
        throw new IOException(
            file + " has no cases, or one without values; make it anew with " + COMMAND);
      }
      return new Baseline(Environment.fromJson(root.path("environment")), cases);
    } catch (NoSuchFileException e) {
      throw new IOException("there is no baseline " + file + "; make it with " + COMMAND, e);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new IOException(file + " is no baseline; make it anew with " + COMMAND, e);
    }
  }

  private static List<Double> numbers(JsonNode array) {
    final List<Double> numbers = new ArrayList<>();
    array.forEach(number -> numbers.add(number.asDouble()));
    return numbers;
  }
}
