package org.millrace.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * What a load came to.
 *
 * @param environment of the generator, a line for each property.
 * @param total of all steps.
 * @param steps in the order of the plan's.
 * @param answersPerSecond that came within the measured time, whenever their messages were to be
 *     sent.
 * @param errors how many of each kind.
 * @param notes how many of each kind of what is worth knowing and no error.
 * @param handshake times from the beginning of a connection to its 101, in ns.
 * @param server its CPU and memory, if the plan names its process.
 * @param client how hard the generator worked.
 * @param bottlenecks why these are the generator's figures rather than the server's; empty if they
 *     are the server's.
 */
public record LoadResult(
    LoadPlan plan,
    List<String> environment,
    Tally total,
    List<Tally> steps,
    double answersPerSecond,
    Map<String, Long> errors,
    Map<String, Long> notes,
    Histogram handshake,
    Optional<ServerUse> server,
    ClientUse client,
    List<String> bottlenecks) {
  public LoadResult {
    environment = List.copyOf(environment);
    steps = List.copyOf(steps);
    errors = Map.copyOf(errors);
    notes = Map.copyOf(notes);
    bottlenecks = List.copyOf(bottlenecks);
  }

  /** Seconds that were measured. */
  public double seconds() {
    return total.seconds();
  }

  public long intended() {
    return total.intended();
  }

  public long sent() {
    return total.sent();
  }

  public long answered() {
    return total.answered();
  }

  public long lost() {
    return total.lost();
  }

  /** In ns, from the time at which a message was to be sent to its answer. */
  public Histogram latency() {
    return total.latency();
  }

  /** Whether all messages were sent and answered, and nothing went wrong. */
  public boolean isClean() {
    return errors.isEmpty() && total.lost() == 0 && total.unsent() == 0;
  }

  /** As text that {@link #fromJson} reads. */
  public String json() {
    return ResultJson.write(this);
  }

  /**
   * Reads what {@link #json} wrote.
   *
   * @throws IllegalArgumentException if it is something else.
   */
  public static LoadResult fromJson(String text) {
    return ResultJson.read(text);
  }

  /**
   * The results of generator processes that worked at the same time as one: counts and rates add
   * up, histograms are added, of the generator's own figures the worst counts.
   */
  public static LoadResult merge(List<LoadResult> results) {
    LoadResult merged = results.get(0);
    for (int i = 1; i < results.size(); i++) {
      merged = merged.beside(results.get(i));
    }
    return merged;
  }

  private LoadResult beside(LoadResult other) {
    final List<Tally> both = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      both.add(steps.get(i).beside(other.steps.get(i)));
    }
    final Histogram handshakes = handshake.copy();
    handshakes.add(other.handshake);
    final List<String> reasons = new ArrayList<>(bottlenecks);
    reasons.addAll(other.bottlenecks);
    return new LoadResult(
        plan.beside(other.plan),
        environment,
        total.beside(other.total),
        both,
        answersPerSecond + other.answersPerSecond,
        sum(errors, other.errors),
        sum(notes, other.notes),
        handshakes,
        server.or(() -> other.server),
        client.worse(other.client),
        reasons);
  }

  private static Map<String, Long> sum(Map<String, Long> one, Map<String, Long> two) {
    final Map<String, Long> sum = new TreeMap<>(one);
    two.forEach((kind, count) -> sum.merge(kind, count, Long::sum));
    return sum;
  }
}
