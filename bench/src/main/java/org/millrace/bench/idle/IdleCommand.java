package org.millrace.bench.idle;

import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import org.millrace.bench.environment.Environment;
import org.millrace.engine.connection.ConnectionContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench idle}: the CPU of an idle engine, and the wake-up of a parked shard. */
@Command(
    name = "idle",
    description = {
      "Holds idle connections on a shard with a thread of its own, keep-alive at its defaults and",
      "every ping answered: CPU of the shard, then the time of a message to the sleeping shard.",
      "Exit code 1 if that is 0.5 % of a core or more, or over 200 us at the median."
    },
    mixinStandardHelpOptions = true)
public final class IdleCommand implements Callable<Integer> {
  private static final double MOST_CPU_PERCENT = 0.5;
  private static final double LONGEST_MEDIAN_US = 200;
  private static final double NS_PER_US = 1e3;

  @Option(
      names = "--connections",
      paramLabel = "N",
      description = "How many (default: ${DEFAULT-VALUE}).")
  private int connections = 10_000;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "Time over which CPU is measured (default: ${DEFAULT-VALUE}).")
  private int seconds = 20;

  @Option(
      names = "--messages",
      paramLabel = "N",
      description = "Messages to the sleeping shard, 5 ms apart (default: ${DEFAULT-VALUE}).")
  private int messages = 2_000;

  @Spec private CommandSpec spec;

  private PrintWriter out;
  private boolean failed;

  @Override
  public Integer call() throws InterruptedException {
    out = spec.commandLine().getOut();
    Environment.of(ManagementFactory.getRuntimeMXBean().getInputArguments())
        .lines()
        .forEach(out::println);
    try (IdleEngine engine = new IdleEngine(connections, new ConnectionContext().conclude())) {
      engine.start(connections);
      print(CpuUse.measure(engine, seconds));
      print(WakeUps.measure(engine, messages));
    }
    return failed ? 1 : 0;
  }

  private void print(CpuUse cpu) {
    out.printf(
        Locale.ROOT,
        "%,d idle connections, %d s, %,d pings: shard %.3f %% of a core, less than %.1f %%: %s%n",
        connections,
        seconds,
        cpu.pings(),
        cpu.shard(),
        MOST_CPU_PERCENT,
        verdict(cpu.shard() < MOST_CPU_PERCENT));
    out.printf(
        Locale.ROOT, "  the JVM without the threads that play the peers: %.3f %%%n", cpu.jvm());
    out.flush();
  }

  private void print(Histogram latenciesNs) {
    final double medianUs = latenciesNs.getValueAtPercentile(50) / NS_PER_US;
    out.printf(
        Locale.ROOT,
        "%,d messages to the sleeping shard: median %.0f us, at most %.0f us: %s%n",
        latenciesNs.getTotalCount(),
        medianUs,
        LONGEST_MEDIAN_US,
        verdict(medianUs <= LONGEST_MEDIAN_US));
    out.printf(
        Locale.ROOT,
        "  least %.0f us, p90 %.0f us, p99 %.0f us, p99.9 %.0f us, longest %.0f us%n",
        latenciesNs.getMinValue() / NS_PER_US,
        latenciesNs.getValueAtPercentile(90) / NS_PER_US,
        latenciesNs.getValueAtPercentile(99) / NS_PER_US,
        latenciesNs.getValueAtPercentile(99.9) / NS_PER_US,
        latenciesNs.getMaxValue() / NS_PER_US);
    out.flush();
  }

  private String verdict(boolean met) {
    failed |= !met;
    return met ? "PASS" : "FAIL";
  }
}
