package org.millrace.bench.capacity;

import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.millrace.bench.environment.Environment;
import org.millrace.bench.wire.IdlePeers;
import org.millrace.engine.connection.ConnectionContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench connections}: what idle connections hold, and what keeping them alive costs. */
@Command(
    name = "connections",
    description = {
      "Opens many connections without sockets in one engine: heap of an idle one, then rounds of",
      "keep-alive with every ping answered. Exit code 1 if a connection holds more than 300 B of",
      "heap or a duty cycle takes more than 20 ms."
    },
    mixinStandardHelpOptions = true)
public final class ConnectionsCommand implements Callable<Integer> {
  static final double MOST_HEAP = 300;
  static final Duration LONGEST_CYCLE = Duration.ofMillis(20);

  /** Rounds: in the first one the code is cold, and so are the pools. */
  private static final int ROUNDS = 2;

  /** A connection's share of a heap in which there is room to collect garbage, and the rest. */
  private static final long ROOM_EACH = 700;

  private static final long ROOM = 64L << 20;
  private static final double NS_PER_MS = 1e6;

  @Option(
      names = "--connections",
      paramLabel = "N",
      description = "How many (default: ${DEFAULT-VALUE}).")
  private int connections = 1_000_000;

  @Option(
      names = "--shards",
      paramLabel = "N",
      description = "Shards, all run by one thread (default: ${DEFAULT-VALUE}).")
  private int shards = 1;

  @Spec private CommandSpec spec;

  private PrintWriter out;
  private boolean failed;

  @Override
  public Integer call() {
    out = spec.commandLine().getOut();
    final long needed = ROOM + connections * ROOM_EACH;
    if (Runtime.getRuntime().maxMemory() < needed) {
      spec.commandLine()
          .getErr()
          .printf(
              Locale.ROOT,
              "%,d connections need a heap of %d MB: set MILLRACE_JAVA_OPTS=-Xmx%dm%n",
              connections,
              needed >> 20,
              needed >> 20);
      return 2;
    }
    Environment.of(ManagementFactory.getRuntimeMXBean().getInputArguments())
        .lines()
        .forEach(out::println);
    out.println("heap: at most " + (Runtime.getRuntime().maxMemory() >> 20) + " MB");
    measure();
    out.flush();
    return failed ? 1 : 0;
  }

  private void measure() {
    final IdlePeers peers = new IdlePeers(connections);
    final ConnectionContext rules = new ConnectionContext().conclude();
    final Memory before = Memory.inUse();
    try (ManyConnections open = new ManyConnections(connections, shards, rules, peers)) {
      printMemory("open", before, Memory.inUse(), true);
      for (int i = 1; i <= ROUNDS; i++) {
        printRound(i, new KeepAliveRound(open).run());
      }
      printMemory("after the rounds", before, Memory.inUse(), false);
    }
  }

  private void printMemory(String when, Memory before, Memory after, boolean classes) {
    final double heap = (double) (after.heap() - before.heap()) / connections;
    out.printf(
        Locale.ROOT,
        "%,d connections, %s: %.1f B of heap each, tables and timers included; at most %.0f: %s%n",
        connections,
        when,
        heap,
        MOST_HEAP,
        verdict(heap <= MOST_HEAP));
    out.printf(
        Locale.ROOT,
        "  direct buffers, the rings among them: %.1f B each%n",
        (double) (after.direct() - before.direct()) / connections);
    if (classes) {
      after.classesSince(before).entrySet().stream()
          .filter(entry -> entry.getValue() >= connections)
          .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
          .forEach(
              entry ->
                  out.printf(
                      Locale.ROOT,
                      "  %6.1f B %s%n",
                      (double) entry.getValue() / connections,
                      entry.getKey()));
    }
    out.flush();
  }

  private void printRound(int number, KeepAliveRound.Outcome round) {
    final boolean complete =
        round.pings() >= connections && round.pongs() >= connections && round.deadPeers() == 0;
    out.printf(
        Locale.ROOT,
        "keep-alive round %d: %,d pings, %,d pongs confirmed, %,d peers taken for dead: %s%n",
        number,
        round.pings(),
        round.pongs(),
        round.deadPeers(),
        verdict(complete));
    out.printf(
        Locale.ROOT,
        "  %,d duty cycles, %.0f ms of CPU, %.0f ns and %.2f B allocated a ping,"
            + " %d ms of collector's pauses%n",
        round.cyclesNs().getTotalCount(),
        round.cpuNs() / NS_PER_MS,
        (double) round.cpuNs() / Math.max(1, round.pings()),
        (double) round.allocated() / Math.max(1, round.pings()),
        round.pausesMs());
    final long stalls = round.cyclesOver(LONGEST_CYCLE);
    out.printf(
        Locale.ROOT,
        "  duty cycle, CPU and pauses: p99 %.2f ms, longest %.2f ms (wall %.2f ms),"
            + " %d over %d ms: %s%n",
        round.cyclesNs().getValueAtPercentile(99) / NS_PER_MS,
        round.cyclesNs().getMaxValue() / NS_PER_MS,
        round.longestWallNs() / NS_PER_MS,
        stalls,
        LONGEST_CYCLE.toMillis(),
        verdict(stalls == 0));
    out.flush();
  }

  private String verdict(boolean met) {
    failed |= !met;
    return met ? "PASS" : "FAIL";
  }
}
