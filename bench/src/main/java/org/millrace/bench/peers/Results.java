package org.millrace.bench.peers;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What all rounds of a run yielded. */
final class Results {
  /** The number of what comes before the first round. */
  static final int BEFORE = 0;

  /** The cell of a table: of whom, and of what. */
  record Key(Contender contender, boolean secure, Figure figure) implements Comparable<Key> {
    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::figure).thenComparing(Key::secure).thenComparing(Key::contender);

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  private final Map<Key, Map<Integer, Double>> values = new TreeMap<>();
  private final Map<String, TreeSet<Integer>> remarks = new TreeMap<>();
  private final TreeSet<Key> generatorBound = new TreeSet<>();
  private boolean failed;

  void add(Key key, int round, double value) {
    values.computeIfAbsent(key, any -> new TreeMap<>()).put(round, value);
  }

  /** Keeps something that readers have to know; the same in several rounds is told once. */
  void remark(int round, String text) {
    remarks.computeIfAbsent(text, any -> new TreeSet<>()).add(round);
  }

  /** Marks a figure as one that the generator, too, has had a part in. */
  void generatorBound(Key key) {
    generatorBound.add(key);
  }

  /** Keeps why a trial yielded nothing. */
  void failed(int round, String text) {
    failed = true;
    remark(round, text);
  }

  boolean hasFailed() {
    return failed;
  }

  boolean isGeneratorBound(Key key) {
    return generatorBound.contains(key);
  }

  List<String> remarks() {
    return remarks.entrySet().stream()
        .map(entry -> entry.getKey() + " (" + rounds(entry.getValue()) + ")")
        .toList();
  }

  private static String rounds(Set<Integer> rounds) {
    return rounds.equals(Set.of(BEFORE))
        ? "before the rounds"
        : "round " + rounds.toString().replaceAll("[\\[\\]]", "");
  }

  List<Key> keys() {
    return List.copyOf(values.keySet());
  }

  /** The value of each round that yielded one. */
  List<Double> rounds(Key key) {
    return List.copyOf(values.getOrDefault(key, Map.of()).values());
  }

  Optional<Spread> spread(Key key) {
    final List<Double> rounds = rounds(key);
    return rounds.isEmpty() ? Optional.empty() : Optional.of(Spread.of(rounds));
  }

  /**
   * How many times Millrace's figure of the same round it is; none without it. Rounds are compared
   * one by one because both had the same machine then.
   */
  Optional<Spread> ratio(Key key) {
    final Map<Integer, Double> ours =
        values.getOrDefault(
            new Key(key.contender().reference(), key.secure(), key.figure()), Map.of());
    final List<Double> ratios = new ArrayList<>();
    values
        .getOrDefault(key, Map.of())
        .forEach(
            (round, value) -> {
              final Double one = ours.get(round);
              if (one != null && one > 0) {
                ratios.add(value / one);
              }
            });
    return ratios.isEmpty() ? Optional.empty() : Optional.of(Spread.of(ratios));
  }
}
