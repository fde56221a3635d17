package org.millrace.bench.peers;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Where Millrace stands among those beside it: by medians, one figure and one scheme at a time. */
record Standing(Results results) {

  /** How often it has the best figure, and of how many. */
  String summary() {
    final List<Results.Key> compared = compared();
    final long best = compared.stream().filter(this::isBest).count();
    return "Millrace has the best of %d of the %d figures in which it stands beside others."
        .formatted(best, compared.size());
  }

  /** A text for each figure in which somebody is better. */
  List<String> losses(boolean sip) {
    return compared().stream()
        .filter(key -> key.contender().isSip() == sip && !isBest(key))
        .map(key -> loss(key, best(key)))
        .toList();
  }

  private String loss(Results.Key ours, Results.Key best) {
    return "%s over %s, %s: %s has %s, Millrace %s"
        .formatted(
            ours.figure().mode(),
            Run.scheme(ours.secure()),
            ours.figure().unit(),
            best.contender(),
            PeersReport.number(median(best)),
            PeersReport.number(median(ours)));
  }

  private List<Results.Key> compared() {
    return results.keys().stream()
        .filter(key -> key.contender() == key.contender().reference())
        .filter(key -> others(key).findAny().isPresent())
        .toList();
  }

  private Stream<Results.Key> others(Results.Key ours) {
    return results.keys().stream()
        .filter(other -> other.figure() == ours.figure() && other.secure() == ours.secure())
        .filter(other -> other.contender().reference() == ours.contender())
        .filter(other -> other.contender() != ours.contender());
  }

  private Results.Key best(Results.Key ours) {
    final Comparator<Results.Key> byMedian = Comparator.comparingDouble(this::median);
    return Stream.concat(Stream.of(ours), others(ours))
        .min(ours.figure().moreIsBetter() ? byMedian.reversed() : byMedian)
        .orElseThrow();
  }

  private boolean isBest(Results.Key ours) {
    return best(ours).equals(ours);
  }

  private double median(Results.Key key) {
    return results.spread(key).orElseThrow().median();
  }
}
