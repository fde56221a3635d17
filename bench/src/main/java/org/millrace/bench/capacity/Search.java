package org.millrace.bench.capacity;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;

/**
 * Finds the highest load that is held: ever more until one is not, then between the two. At each
 * step repeats are made until most of them agree, so that one bad moment of the machine decides
 * nothing.
 */
final class Search {
  /** What became of a load. */
  enum Outcome {
    HELD,
    FAILED,
    /** It was not held, but the generator was the bottleneck: it says nothing of the server. */
    CLIENT
  }

  /** Tries a load once. */
  @FunctionalInterface
  interface Probe {
    Outcome at(double load) throws IOException;
  }

  /**
   * What was found.
   *
   * @param held the highest load that was held; 0 if none was.
   * @param failed the lowest that was not; 0 if nothing failed.
   * @param why the search ended without one that failed; empty otherwise.
   */
  record Found(double held, double failed, String why) {
    /** Whether the server might hold more. */
    boolean isAtLeast() {
      return !why.isEmpty();
    }
  }

  private static final int MOST_DESCENTS = 8;

  private final Probe probe;
  private final int repeats;
  private final double growth;
  private final double precision;

  /**
   * @param repeats most tries of a load, an odd number.
   * @param growth factor between the first steps, above 1.
   * @param precision share by which the two loads at the end may differ.
   */
  Search(Probe probe, int repeats, double growth, double precision) {
    this.probe = probe;
    this.repeats = repeats;
    this.growth = growth;
    this.precision = precision;
  }

  /**
   * Searches.
   *
   * @param start the first load.
   * @param most the highest to be tried.
   */
  Found run(double start, double most) throws IOException {
    final double load = Math.min(start, most);
    switch (outcome(load)) {
      case HELD -> {
        return up(load, most);
      }
      case FAILED -> {
        return down(load);
      }
      default -> {
        return new Found(0, 0, client(load));
      }
    }
  }

  private Found up(double first, double most) throws IOException {
    double held = first;
    while (held < most) {
      final double load = Math.min(held * growth, most);
      switch (outcome(load)) {
        case HELD -> held = load;
        case FAILED -> {
          return between(held, load);
        }
        default -> {
          return new Found(held, 0, client(load));
        }
      }
    }
    return new Found(held, 0, "no more than " + Math.round(most) + " was tried");
  }

  private Found down(double first) throws IOException {
    double failed = first;
    for (int i = 0; i < MOST_DESCENTS; i++) {
      final double load = failed / growth;
      switch (outcome(load)) {
        case HELD -> {
          return between(load, failed);
        }
        case FAILED -> failed = load;
        default -> {
          return new Found(0, failed, client(load));
        }
      }
    }
    return new Found(0, failed, "");
  }

  private static String client(double load) {
    return "the generator was the bottleneck at " + Math.round(load);
  }

  private Found between(double from, double to) throws IOException {
    double held = from;
    double failed = to;
    while (failed / held > 1 + precision) {
      final double middle = Math.sqrt(held * failed);
      switch (outcome(middle)) {
        case HELD -> held = middle;
        case FAILED -> failed = middle;
        default -> {
          return new Found(held, failed, client(middle));
        }
      }
    }
    return new Found(held, failed, "");
  }

  private Outcome outcome(double load) throws IOException {
    final Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
    for (int i = 0; i < repeats; i++) {
      final Outcome once = probe.at(load);
      if (counts.merge(once, 1, Integer::sum) > repeats / 2) {
        return once;
      }
    }
    return Outcome.CLIENT; // no majority: some failed, and for some nobody knows
  }
}
