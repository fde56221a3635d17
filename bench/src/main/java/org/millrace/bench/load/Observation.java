package org.millrace.bench.load;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.millrace.bench.load.client.Driver;
import org.millrace.bench.load.client.Meter;

/** What server and generator take in the measured time; and a line each second. */
final class Observation implements Driver.Watch {
  private static final double NS = 1e9;
  private static final double MS = 1e3;
  private static final double NS_PER_MS = 1e6;
  private static final double P99 = 99;

  /** Below this share of running time nothing is said about starvation: too little to tell. */
  private static final double LITTLE = 0.5;

  private final Meter meter;
  private final Optional<ServerProcess> server;
  private final LongSupplier sleptNs;
  private final Consumer<String> progress;
  private final long residentBefore;
  private long residentConnected;
  private double serverCpu;
  private long resident;
  private long beginNs;
  private long cpuNs;
  private long slept;
  private long gcMs;
  private long lastAnswers;
  private Driver driver;
  private double busy;

  /** Before the first connection. */
  Observation(
      Meter meter,
      Optional<ServerProcess> server,
      LongSupplier sleptNs,
      Consumer<String> progress) {
    this.meter = meter;
    this.server = server;
    this.sleptNs = sleptNs;
    this.progress = progress;
    residentBefore = server.map(ServerProcess::residentBytes).orElse(0L);
  }

  /** All connections are open. */
  void connected() {
    residentConnected = server.map(ServerProcess::residentBytes).orElse(0L);
  }

  /** Whose work is observed. */
  void of(Driver observed) {
    driver = observed;
  }

  @Override
  public void measureBegins() {
    serverCpu = server.map(ServerProcess::cpuSeconds).orElse(0.0);
    gcMs = gcMs();
    cpuNs = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    slept = sleptNs.getAsLong();
    beginNs = System.nanoTime();
  }

  @Override
  public void measureEnds() {
    serverCpu = server.map(ServerProcess::cpuSeconds).orElse(0.0) - serverCpu;
    cpuNs = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpuNs;
    slept = sleptNs.getAsLong() - slept;
    gcMs = gcMs() - gcMs;
    busy = driver.busyNs() / (double) (System.nanoTime() - beginNs);
    beginNs = System.nanoTime() - beginNs;
    resident = server.map(ServerProcess::residentBytes).orElse(0L);
  }

  private static long gcMs() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(GarbageCollectorMXBean::getCollectionTime)
        .sum();
  }

  @Override
  public void second(long nowNs) {
    final long answers = meter.answersInAll();
    final StringBuilder line = new StringBuilder(100);
    line.append(
        String.format(
            Locale.ROOT,
            "%4.0f s%s: %d answered, p50 %.2f ms, p99 %.2f ms, max %.2f ms",
            nowNs / NS,
            nowNs <= meter.warmUpNs() ? " (warm-up)" : nowNs > meter.endNs() ? " (waiting)" : "",
            answers - lastAnswers,
            meter.interval().getValueAtPercentile(50) / NS_PER_MS,
            meter.interval().getValueAtPercentile(P99) / NS_PER_MS,
            meter.interval().getMaxValue() / NS_PER_MS));
    final long errors = meter.errors().values().stream().mapToLong(Long::longValue).sum();
    if (errors > 0) {
      line.append(", ").append(errors).append(" errors");
    }
    lastAnswers = answers;
    meter.interval().reset();
    progress.accept(line.toString());
  }

  Optional<ServerUse> server() {
    return server.map(
        process -> new ServerUse(serverCpu, residentBefore, residentConnected, resident));
  }

  ClientUse client() {
    final double ran = beginNs - slept;
    final double starved = ran < LITTLE * beginNs ? 0 : Math.max(0, 1 - cpuNs / ran);
    return new ClientUse(
        // What kept it busy was in part the wait for a core.
        busy * (1 - starved),
        starved,
        meter.late().getValueAtPercentile(P99),
        meter.late().getMaxValue(),
        gcMs / MS);
  }
}
