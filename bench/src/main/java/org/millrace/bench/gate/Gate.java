package org.millrace.bench.gate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.millrace.bench.compare.Difference;
import org.millrace.bench.compare.Interleaving;
import org.millrace.bench.environment.Environment;
import org.millrace.bench.jmh.Case;
import org.millrace.bench.jmh.Samples;
import org.millrace.bench.statistics.Verdict;

/** Measures and judges; how a fork is measured is said by who makes it. */
final class Gate {
  /** Forks that tell what a case allocates: they hardly differ. */
  private static final int ALLOCATION_FORKS = 2;

  /** The second measurement of what seems slower is so many times as long as the first. */
  private static final int ROUNDS_TO_CONFIRM = 2;

  private final Environment environment;
  private final Interleaving.Side workingTree;
  private final int rounds;
  private final double threshold;
  private final Consumer<String> progress;

  /**
   * @param threshold share by which a case may be slower.
   */
  Gate(
      Environment environment,
      Interleaving.Side workingTree,
      int rounds,
      double threshold,
      Consumer<String> progress) {
    this.environment = environment;
    this.workingTree = workingTree;
    this.rounds = rounds;
    this.threshold = threshold;
    this.progress = progress;
  }

  /** Times and allocation against another state of the source, by turns. */
  Summary against(String name, Interleaving.Side other, Collection<Case> cases) throws IOException {
    final Interleaving turns = new Interleaving(other, workingTree, progress);
    final List<Difference> measured = withMoreOfTheDoubtful(turns, turns.run(cases, rounds));
    final List<Case> slower =
        names(measured, one -> one.verdict(threshold) == Verdict.SLOWER, "again what was slower");
    final Map<Case, Difference> again = byName(turns.run(slower, ROUNDS_TO_CONFIRM * rounds));
    final List<Ruling> rulings =
        measured.stream().map(one -> Ruling.of(one, again.get(one.name()), threshold)).toList();
    return new Summary(environment, name, true, rulings, missing(cases, measured));
  }

  /**
   * Where the noise was too much to tell, but the working tree looks slower, more forks do tell: a
   * few that were disturbed weigh less among more.
   */
  private List<Difference> withMoreOfTheDoubtful(Interleaving turns, List<Difference> measured)
      throws IOException {
    final List<Case> doubtful = names(measured, this::isDoubtful, "more of what may be slower");
    final Map<Case, Difference> more = byName(turns.run(doubtful, rounds));
    return measured.stream()
        .map(one -> more.containsKey(one.name()) ? one.and(more.get(one.name())) : one)
        .toList();
  }

  private boolean isDoubtful(Difference one) {
    return one.verdict(threshold) == Verdict.UNCLEAR && one.times().ratio() > 1 + threshold / 2;
  }

  private List<Case> names(List<Difference> all, Predicate<Difference> which, String why) {
    final List<Case> names = all.stream().filter(which).map(Difference::name).toList();
    if (!names.isEmpty()) {
      progress.accept("measuring " + why + ": " + names);
    }
    return names;
  }

  private static Map<Case, Difference> byName(List<Difference> all) {
    return all.stream().collect(Collectors.toMap(Difference::name, Function.identity()));
  }

  /** A case that only the other state has is gone; one that is new has nothing to be held to. */
  private List<String> missing(Collection<Case> cases, List<Difference> measured)
      throws IOException {
    final List<String> missing = new ArrayList<>();
    for (final Case which : cases) {
      final boolean isMeasured = measured.stream().anyMatch(one -> one.name().equals(which));
      if (!isMeasured && workingTree.measure(which).ns().isEmpty()) {
        missing.add(which.toString());
      }
    }
    return missing;
  }

  /** Allocation against what is on file. */
  Summary against(String name, Baseline baseline) throws IOException {
    final List<Ruling> rulings = new ArrayList<>();
    final List<String> missing = new ArrayList<>();
    final SortedMap<Case, Samples> measured = measure(baseline.cases().keySet(), ALLOCATION_FORKS);
    baseline
        .cases()
        .forEach(
            (which, before) -> {
              final Samples after = measured.get(which);
              if (after == null) {
                missing.add(which.toString());
              } else {
                rulings.add(Ruling.ofAllocation(new Difference(which, before, after)));
              }
            });
    return new Summary(environment, name, false, rulings, missing);
  }

  /** What the working tree has of these. */
  SortedMap<Case, Samples> measure(Collection<Case> cases, int forks) throws IOException {
    final SortedMap<Case, Samples> all = new TreeMap<>();
    for (int fork = 1; fork <= forks; fork++) {
      for (final Case which : cases) {
        progress.accept("fork %d of %d: %s".formatted(fork, forks, which));
        final Samples one = workingTree.measure(which);
        if (!one.ns().isEmpty()) {
          all.merge(which, one, Samples::and);
        }
      }
    }
    return all;
  }
}
