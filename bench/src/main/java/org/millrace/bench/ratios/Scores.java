package org.millrace.bench.ratios;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.millrace.bench.statistics.Median;

/** What the forks of all rounds measured. */
final class Scores {
  /** Content of the text and who decoded it. */
  private record Subject(String content, String peer) {}

  private record Score(double nanoseconds, double bytes) {}

  private final Map<Subject, List<Score>> scores = new LinkedHashMap<>();

  void add(String content, String peer, double nanoseconds, double bytes) {
    scores
        .computeIfAbsent(new Subject(content, peer), subject -> new ArrayList<>())
        .add(new Score(nanoseconds, bytes));
  }

  /** Median nanoseconds of CPU time per operation. */
  double nanoseconds(String content, String peer) {
    return median(content, peer, Score::nanoseconds);
  }

  /** Median bytes allocated per operation. */
  double bytes(String content, String peer) {
    return median(content, peer, Score::bytes);
  }

  private double median(String content, String peer, ToDoubleFunction<Score> value) {
    return Median.of(scores.get(new Subject(content, peer)).stream().mapToDouble(value).toArray());
  }
}
