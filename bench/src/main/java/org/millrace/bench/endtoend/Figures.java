package org.millrace.bench.endtoend;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.millrace.bench.peer.Peer;
import org.millrace.bench.statistics.Median;

/** What all rounds measured. */
final class Figures {
  private final Map<Mode, Map<Peer, List<Double>>> rounds = new EnumMap<>(Mode.class);

  void add(Mode mode, Peer peer, double value) {
    rounds
        .computeIfAbsent(mode, any -> new EnumMap<>(Peer.class))
        .computeIfAbsent(peer, any -> new ArrayList<>())
        .add(value);
  }

  boolean has(Mode mode, Peer peer) {
    return !rounds(mode, peer).isEmpty();
  }

  /** The value of each round, in their order; none if it was not measured. */
  List<Double> rounds(Mode mode, Peer peer) {
    return List.copyOf(rounds.getOrDefault(mode, Map.of()).getOrDefault(peer, List.of()));
  }

  double median(Mode mode, Peer peer) {
    if (!has(mode, peer)) {
      throw new IllegalStateException(mode + " of " + peer + " was not measured");
    }
    return Median.of(rounds(mode, peer));
  }
}
