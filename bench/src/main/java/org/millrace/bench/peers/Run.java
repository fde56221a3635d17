package org.millrace.bench.peers;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.millrace.bench.load.LoadResult;
import org.millrace.bench.peer.ServerProcess;

/**
 * All turns, interleaved: in each round every server has its turn, so that what else goes on on the
 * machine meets all alike. A server that fails is left out of that turn, and the others go on.
 *
 * <p>Idle connections are held by a server that has just started: one that has had as many before
 * keeps their memory and needs no more of it.
 *
 * @param schemes ws (false) and wss (true), or one of them.
 * @param trusted the servers' certificate, PEM.
 */
record Run(
    Settings settings,
    Trial trial,
    Map<Contender, ServerProcess> servers,
    Starter starter,
    List<Mode> modes,
    List<Boolean> schemes,
    Path trusted,
    Consumer<String> progress) {

  /** What an idle machine may show. */
  private static final double MOST_LOAD = 0.5;

  /** Starts a further process of a contender. */
  interface Starter {
    ServerProcess start(Contender contender) throws IOException;
  }

  Results results() {
    final Results results = new Results();
    remarkOthersWork(results);
    for (final boolean secure : schemes) {
      servers.forEach(
          (contender, server) -> {
            progress.accept("warming up " + contender + " over " + scheme(secure));
            attempt(
                results,
                0,
                contender,
                secure,
                "warm-up",
                turn -> turn.warmUp(modes.contains(Mode.HANDSHAKE)));
          });
    }
    for (int round = 1; round <= settings.rounds(); round++) {
      for (final Mode mode : modes) {
        if (mode == Mode.IDLE && round > Settings.IDLE_ROUNDS) {
          continue;
        }
        for (final boolean secure : schemes) {
          measure(results, round, mode, secure);
        }
      }
    }
    return results;
  }

  /** Such figures are to be taken on a machine that has nothing else to do. */
  private void remarkOthersWork(Results results) {
    final double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    if (load > MOST_LOAD) {
      results.remark(
          Results.BEFORE,
          String.format(
              Locale.ROOT, "the machine was busy with other things: load average %.2f", load));
    }
  }

  static String scheme(boolean secure) {
    return secure ? "wss" : "ws";
  }

  private void measure(Results results, int round, Mode mode, boolean secure) {
    for (final Contender contender : servers.keySet()) {
      attempt(
          results,
          round,
          contender,
          secure,
          mode.toString(),
          turn ->
              keep(
                  results, round, turn, mode, mode == Mode.IDLE ? idle(turn) : turn.measure(mode)));
    }
  }

  private Turn.Outcome idle(Turn turn) throws IOException {
    try (ServerProcess fresh = starter.start(turn.contender())) {
      final Turn ofFresh =
          new Turn(settings, trial, turn.contender(), fresh, turn.secure(), trusted);
      ofFresh.warmUpForIdle();
      return ofFresh.measure(Mode.IDLE);
    }
  }

  /** Something that is done in a turn. */
  private interface Step {
    void in(Turn turn) throws IOException;
  }

  private void attempt(
      Results results, int round, Contender contender, boolean secure, String what, Step step) {
    try {
      step.in(new Turn(settings, trial, contender, servers.get(contender), secure, trusted));
    } catch (IOException e) {
      final String failure =
          contender + " over " + scheme(secure) + ", " + what + ": failed: " + e.getMessage();
      results.failed(round, failure);
      progress.accept(failure);
    }
  }

  private void keep(Results results, int round, Turn turn, Mode mode, Turn.Outcome outcome) {
    outcome
        .figures()
        .forEach(
            (figure, value) ->
                results.add(
                    new Results.Key(turn.contender(), turn.secure(), figure), round, value));
    if (outcome.result() != null) {
      remark(results, round, turn, mode, outcome.result());
    }
    progress.accept(
        String.format(
            Locale.ROOT,
            "round %d, %s over %s: %s: %s",
            round,
            mode,
            scheme(turn.secure()),
            turn.contender(),
            outcome.figures().entrySet().stream()
                .map(
                    entry ->
                        String.format(
                            Locale.ROOT, "%.4g %s", entry.getValue(), entry.getKey().unit()))
                .collect(Collectors.joining(", "))));
  }

  private static void remark(Results results, int round, Turn turn, Mode mode, LoadResult result) {
    final String who = turn.contender() + " over " + scheme(turn.secure()) + ", " + mode + ": ";
    if (!result.bottlenecks().isEmpty()) {
      Figure.of(mode)
          .forEach(
              figure ->
                  results.generatorBound(new Results.Key(turn.contender(), turn.secure(), figure)));
    }
    result.errors().forEach((kind, count) -> results.remark(round, who + count + " x " + kind));
    if (mode == Mode.LATENCY && result.lost() > 0) {
      results.remark(round, who + result.lost() + " of " + result.sent() + " messages lost");
    }
    if (mode == Mode.LATENCY && result.total().unsent() > 0) {
      results.remark(
          round,
          who + result.total().unsent() + " messages could not be sent: the server did not read");
    }
  }
}
