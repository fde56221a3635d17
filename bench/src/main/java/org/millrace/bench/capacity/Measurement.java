package org.millrace.bench.capacity;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.millrace.bench.capacity.model.LineFit;
import org.millrace.bench.capacity.model.UnsupportedModelException;
import org.millrace.bench.capacity.model.UslFit;
import org.millrace.bench.environment.Environment;

/**
 * What {@code bench capacity measure} found, and a plan rests on.
 *
 * @param server for people.
 * @param cores that the server and the generator shared.
 * @param level for people.
 * @param connections over which rates were tried.
 * @param rate exchanges a second that were held, each a message and its answer.
 * @param open connections that were held, each with a message now and then.
 * @param steps all tries of rates.
 * @param throughput tries with so many messages under way.
 * @param memory resident bytes with so many idle connections.
 * @param handshakeCpu seconds of CPU that a connection took to come and go, of each repeat.
 */
public record Measurement(
    String command,
    Environment environment,
    String server,
    boolean tls,
    String scenario,
    int cores,
    String level,
    int connections,
    Limit rate,
    Limit open,
    List<Step> steps,
    List<Throughput> throughput,
    List<Resident> memory,
    List<Double> handshakeCpu) {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .visibility(PropertyAccessor.IS_GETTER, JsonAutoDetect.Visibility.NONE)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(JsonInclude.Include.ALWAYS, JsonInclude.Include.ALWAYS))
          .build();

  /**
   * The highest load that was held.
   *
   * @param why more may be possible; empty if the next step was not held.
   */
  public record Limit(double value, String why) {
    boolean isAtLeast() {
      return !why.isEmpty();
    }

    @Override
    public String toString() {
      return (isAtLeast() ? "at least " : "")
          + Math.round(value)
          + (isAtLeast() ? " (" + why + ")" : "");
    }
  }

  /** A try at a rate; cpu is in cores. */
  public record Step(double rate, double p99Ms, double loss, double cpu, String outcome) {}

  /** A try with so many messages under way; client tells if the generator was the bottleneck. */
  public record Throughput(int concurrency, double perSecond, boolean client) {}

  /** Resident memory of the server with so many connections. */
  public record Resident(int connections, long bytes) {}

  /** CPU over the rate, of what was held. */
  public LineFit cpu() throws UnsupportedModelException {
    final List<Step> held = steps.stream().filter(step -> step.outcome.equals("HELD")).toList();
    return LineFit.of(
        "CPU over the rate",
        held.stream().mapToDouble(Step::rate).toArray(),
        held.stream().mapToDouble(Step::cpu).toArray());
  }

  /** Memory over connections. */
  public LineFit bytes() throws UnsupportedModelException {
    return LineFit.of(
        "memory over connections",
        memory.stream().mapToDouble(Resident::connections).toArray(),
        memory.stream().mapToDouble(Resident::bytes).toArray());
  }

  /** Throughput over messages under way, where the server was measured. */
  public UslFit usl() throws UnsupportedModelException {
    return UslFit.of(
        throughput.stream()
            .filter(one -> !one.client)
            .map(one -> new UslFit.Point(one.concurrency, one.perSecond))
            .toList());
  }

  String json() {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Reads what {@link #json} wrote.
   *
   * @throws IOException if it is something else; the message says what to do.
   */
  public static Measurement read(Path file) throws IOException {
    final String hint = "; make one with bench capacity measure --json " + file;
    if (!Files.isReadable(file)) {
      throw new IOException("there is no measurement " + file + hint);
    }
    try {
      final Measurement read = JSON.readValue(file.toFile(), Measurement.class);
      if (read.rate == null || read.steps == null || read.memory == null) {
        throw new IOException(file + " is no measurement" + hint);
      }
      return read;
    } catch (JsonProcessingException e) {
      throw new IOException(file + " is no measurement" + hint, e);
    }
  }
}
