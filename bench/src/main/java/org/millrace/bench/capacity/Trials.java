package org.millrace.bench.capacity;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.millrace.bench.capacity.Measurement.Resident;
import org.millrace.bench.capacity.Measurement.Step;
import org.millrace.bench.capacity.Measurement.Throughput;
import org.millrace.bench.load.LoadPlan;
import org.millrace.bench.load.LoadPlanBuilder;
import org.millrace.bench.load.LoadResult;
import org.millrace.bench.load.Pace;
import org.millrace.bench.load.Scenario;

/** The loads that a server is tried with, and what came of each. */
final class Trials {
  /** Clients at a time that come and go. */
  private static final int STORM = 8;

  private static final Duration RUN_UP = Duration.ofSeconds(1);
  private static final double CONNECTS_PER_SECOND = 2000;

  /** Runs a load. */
  @FunctionalInterface
  interface Trial {
    LoadResult run(LoadPlan plan) throws IOException;
  }

  private final Trial trial;
  private final LoadPlan plan;
  private final ServiceLevel level;
  private final Consumer<String> progress;
  private final Duration messageEvery;
  private final List<Step> steps = new ArrayList<>();

  /**
   * @param plan what all loads have in common: the server with its process, scenario, connections,
   *     and the time of a step.
   * @param messageEvery of each connection, where connections are counted.
   */
  Trials(
      Trial trial,
      LoadPlan plan,
      ServiceLevel level,
      Duration messageEvery,
      Consumer<String> progress) {
    this.trial = trial;
    this.plan = plan;
    this.level = level;
    this.messageEvery = messageEvery;
    this.progress = progress;
  }

  List<Step> steps() {
    return List.copyOf(steps);
  }

  private Duration time() {
    return plan.pace().time();
  }

  private LoadPlanBuilder load() {
    return plan.toBuilder().warmUp(RUN_UP);
  }

  /** Another scenario with the same server. */
  private LoadPlanBuilder load(Scenario scenario) {
    final LoadPlanBuilder other =
        LoadPlan.of(plan.server(), scenario)
            .trust(plan.trust())
            .serverPid(plan.serverPid().orElseThrow())
            .serverChildren(plan.serverChildren());
    plan.subProtocol().ifPresent(other::subProtocol);
    return other;
  }

  /** Keeps the server busy until its code is compiled. */
  void warmUp(Duration time) throws IOException {
    progress.accept("warming up");
    trial.run(load().pace(Pace.closed(4, time)).build());
  }

  Search.Outcome rate(double rate) throws IOException {
    final LoadResult result = trial.run(load().rate(rate, time()).build());
    final Search.Outcome outcome = outcome(result);
    steps.add(
        new Step(
            rate,
            ServiceLevel.p99MsOf(result),
            ServiceLevel.lossOf(result),
            result.server().orElseThrow().cpuSeconds() / result.seconds(),
            outcome.name()));
    say("%.0f a second".formatted(rate), result, outcome);
    return outcome;
  }

  Search.Outcome open(double connections) throws IOException {
    final int count = (int) connections;
    final double rate = Math.max(1, count * 1e9 / messageEvery.toNanos());
    final LoadResult result =
        trial.run(
            load().connections(count).connectRate(CONNECTS_PER_SECOND).rate(rate, time()).build());
    final Search.Outcome outcome = outcome(result);
    say("%d connections".formatted(count), result, outcome);
    return outcome;
  }

  private Search.Outcome outcome(LoadResult result) {
    if (level.isMetBy(result)) {
      return Search.Outcome.HELD;
    }
    return result.bottlenecks().isEmpty() ? Search.Outcome.FAILED : Search.Outcome.CLIENT;
  }

  private void say(String what, LoadResult result, Search.Outcome outcome) {
    progress.accept(
        String.format(
            Locale.ROOT,
            "%s: p99 %.2f ms, loss %.2g: %s%s",
            what,
            ServiceLevel.p99MsOf(result),
            ServiceLevel.lossOf(result),
            outcome.name().toLowerCase(Locale.ROOT),
            outcome == Search.Outcome.CLIENT ? " " + result.bottlenecks() : ""));
  }

  /** Closed loop: one message under way on each of so many connections. */
  Throughput throughput(int concurrency) throws IOException {
    final LoadResult result =
        trial.run(load().connections(concurrency).pace(Pace.closed(1, time())).build());
    progress.accept(
        "%d at a time: %.0f a second".formatted(concurrency, result.answersPerSecond()));
    return new Throughput(concurrency, result.answersPerSecond(), !result.bottlenecks().isEmpty());
  }

  Resident idle(int connections) throws IOException {
    final LoadResult result =
        trial.run(
            load(Scenario.IDLE)
                .connections(connections)
                .connectRate(CONNECTS_PER_SECOND)
                .warmUp(Duration.ZERO)
                .rate(0, RUN_UP)
                .build());
    final long bytes = result.server().orElseThrow().residentEnd();
    progress.accept("%d idle connections: %d MB resident".formatted(connections, bytes >> 20));
    return new Resident(connections, bytes);
  }

  /** Seconds of CPU that a connection takes to come and go. */
  double handshakeCpu() throws IOException {
    final LoadResult result =
        trial.run(
            load(Scenario.STORM)
                .connections(STORM)
                .warmUp(RUN_UP)
                .pace(Pace.closed(1, time()))
                .build());
    final double each =
        result.server().orElseThrow().cpuSeconds()
            / Math.max(1, result.answersPerSecond() * result.seconds());
    progress.accept(
        String.format(Locale.ROOT, "a connection that comes and goes: %.0f us", each * 1e6));
    return each;
  }
}
