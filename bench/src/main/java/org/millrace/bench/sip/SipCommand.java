package org.millrace.bench.sip;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.millrace.bench.environment.Environment;
import org.millrace.bench.statistics.Median;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code bench sip}: OPTIONS from WebSocket clients through a whole proxy to a UDP core and back,
 * at a fixed rate.
 *
 * <p>Each proxy lives through all rounds, and in each round every one has its turn. Client and core
 * are one thread of this process, so that a second core is the proxy's. Of the rounds the median
 * counts.
 */
@Command(
    name = "sip",
    description = {
      "Compares proxies that carry SIP OPTIONS from WebSocket to a UDP core and back: server CPU a",
      "message, and latency at a fixed rate. Needs kamailio and its websocket module, if they are to",
      "be among them. Exit code 1 if a target is missed."
    },
    mixinStandardHelpOptions = true)
public final class SipCommand implements Callable<Integer> {
  private static final double MOST_CPU = 0.5;
  private static final double MOST_P99 = 1.0;
  private static final double NS_PER_US = 1e3;

  @Option(
      names = "--proxies",
      split = ",",
      paramLabel = "PROXY",
      description = "Only these of millrace, kamailio, kamailio_stateless.")
  private Set<Proxy> proxies = EnumSet.allOf(Proxy.class);

  @Option(
      names = "--connections",
      paramLabel = "N",
      description = "WebSocket connections (default: ${DEFAULT-VALUE}).")
  private int connections = 64;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Messages a second (default: ${DEFAULT-VALUE}).")
  private int rate = 5_000;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description =
          "Rounds, in each of which every proxy has its turn (default: ${DEFAULT-VALUE}).")
  private int rounds = 5;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "Time of a turn (default: ${DEFAULT-VALUE}).")
  private int seconds = 5;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      description = "Seconds that each proxy is warmed up (default: ${DEFAULT-VALUE}).")
  private int warmUp = 20;

  @Spec private CommandSpec spec;

  private PrintWriter out;

  /** Of one turn. */
  private record Figures(double cpuUs, double p50Us, double p99Us, double maxUs, long lost) {}

  @Override
  public Integer call() throws IOException {
    out = spec.commandLine().getOut();
    final List<String> flags = Environment.serverFlags();
    Environment.of(flags).lines().forEach(out::println);
    final Map<Proxy, ProxyProcess> processes = new EnumMap<>(Proxy.class);
    try (UdpResponder core = new UdpResponder()) {
      for (final Proxy proxy : proxies) {
        processes.put(proxy, ProxyProcess.start(proxy, flags, core.port()));
        say(proxy + ": process " + processes.get(proxy).pid());
      }
      return report(measure(processes, core)) ? 0 : 1;
    } finally {
      for (final ProxyProcess process : processes.values()) {
        process.close();
      }
    }
  }

  private Map<Proxy, List<Figures>> measure(Map<Proxy, ProxyProcess> processes, UdpResponder core)
      throws IOException {
    for (final Map.Entry<Proxy, ProxyProcess> entry : processes.entrySet()) {
      say("warming up " + entry.getKey());
      turn(entry.getValue(), core, warmUp);
    }
    final Map<Proxy, List<Figures>> all = new EnumMap<>(Proxy.class);
    for (int round = 1; round <= rounds; round++) {
      for (final Map.Entry<Proxy, ProxyProcess> entry : processes.entrySet()) {
        final Figures figures = turn(entry.getValue(), core, seconds);
        all.computeIfAbsent(entry.getKey(), any -> new ArrayList<>()).add(figures);
        say("round " + round + ": " + line(entry.getKey(), figures));
      }
    }
    return all;
  }

  private Figures turn(ProxyProcess proxy, UdpResponder core, int time) throws IOException {
    try (OptionsLoad load = new OptionsLoad(proxy, core, connections)) {
      load.run(Duration.ofSeconds(1), rate);
      final Duration before = proxy.cpu();
      final OptionsLoad.Result result = load.run(Duration.ofSeconds(time), rate);
      final double cpuNs = proxy.cpu().minus(before).toNanos();
      return new Figures(
          cpuNs / NS_PER_US / result.sent(),
          result.latency().getValueAtPercentile(50) / NS_PER_US,
          result.latency().getValueAtPercentile(99) / NS_PER_US,
          result.latency().getMaxValue() / NS_PER_US,
          result.sent() - result.answered());
    }
  }

  private static String line(Proxy proxy, Figures figures) {
    return String.format(
        Locale.ROOT,
        "%-18s CPU %6.2f us/message, latency p50 %7.0f us, p99 %7.0f us, max %8.0f us, lost %d",
        proxy,
        figures.cpuUs,
        figures.p50Us,
        figures.p99Us,
        figures.maxUs,
        figures.lost);
  }

  private boolean report(Map<Proxy, List<Figures>> all) {
    final Map<Proxy, Figures> medians = new EnumMap<>(Proxy.class);
    all.forEach((proxy, figures) -> medians.put(proxy, median(figures)));
    medians.forEach((proxy, figures) -> say(line(proxy, figures)));
    if (!medians.containsKey(Proxy.MILLRACE)) {
      return true;
    }
    final Figures ours = medians.get(Proxy.MILLRACE);
    boolean met = ours.lost == 0;
    for (final Proxy other : medians.keySet()) {
      if (other != Proxy.MILLRACE) {
        final Figures theirs = medians.get(other);
        final boolean judged = other == Proxy.KAMAILIO;
        met &= ratio("CPU", other, ours.cpuUs / theirs.cpuUs, MOST_CPU, judged);
        met &= ratio("p99", other, ours.p99Us / theirs.p99Us, MOST_P99, judged);
      }
    }
    say(met ? "all targets met" : "target missed");
    return met;
  }

  private boolean ratio(String what, Proxy other, double ratio, double most, boolean judged) {
    final boolean met = ratio <= most;
    final String verdict =
        judged ? String.format(Locale.ROOT, ", at most %.2f: %s", most, met ? "PASS" : "FAIL") : "";
    say(String.format(Locale.ROOT, "%s millrace / %-18s %6.2f%s", what, other, ratio, verdict));
    return met || !judged;
  }

  private static Figures median(List<Figures> all) {
    return new Figures(
        median(all, Figures::cpuUs),
        median(all, Figures::p50Us),
        median(all, Figures::p99Us),
        median(all, Figures::maxUs),
        all.stream().mapToLong(Figures::lost).sum());
  }

  private static double median(List<Figures> all, ToDoubleFunction<Figures> which) {
    return Median.of(all.stream().mapToDouble(which).toArray());
  }

  private void say(String text) {
    out.println(text);
    out.flush();
  }
}
