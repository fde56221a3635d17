package org.millrace.bench.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.millrace.bench.jmh.Case;
import org.millrace.bench.jmh.Samples;

/**
 * Measures two states by turns: in each round a fork of each for every case, right after one
 * another, and every other round the other way round.
 */
public final class Interleaving {
  /** How a fork of a case is measured. */
  @FunctionalInterface
  public interface Side {
    /** The fork; without values if there is no such case on this side. */
    Samples measure(Case which) throws IOException;
  }

  private final Side before;
  private final Side after;
  private final Consumer<String> progress;

  public Interleaving(Side before, Side after, Consumer<String> progress) {
    this.before = before;
    this.after = after;
    this.progress = progress;
  }

  /**
   * Measures so many rounds.
   *
   * @return those that both sides have.
   * @throws IOException if one of them fails.
   */
  public List<Difference> run(Collection<Case> cases, int rounds) throws IOException {
    final Map<Case, Samples> first = new TreeMap<>();
    final Map<Case, Samples> second = new TreeMap<>();
    final Collection<Case> left = new ArrayList<>(cases);
    for (int round = 1; round <= rounds; round++) {
      for (final Case which : List.copyOf(left)) {
        progress.accept("round %d of %d: %s".formatted(round, rounds, which));
        if (!measure(which, round % 2 == 0, first, second)) {
          progress.accept(which + " is on one side only");
          left.remove(which);
        }
      }
    }
    return left.stream()
        .map(which -> new Difference(which, first.get(which), second.get(which)))
        .toList();
  }

  private boolean measure(
      Case which, boolean turned, Map<Case, Samples> first, Map<Case, Samples> second)
      throws IOException {
    final Samples one = (turned ? after : before).measure(which);
    final Samples two = (turned ? before : after).measure(which);
    if (one.ns().isEmpty() || two.ns().isEmpty()) {
      return false;
    }
    first.merge(which, turned ? two : one, Samples::and);
    second.merge(which, turned ? one : two, Samples::and);
    return true;
  }
}
