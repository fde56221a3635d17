package org.millrace.bench.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.millrace.bench.load.LoadPlan;
import org.millrace.bench.load.LoadPlanBuilder;
import org.millrace.bench.load.LoadResult;
import org.millrace.bench.load.Pace;
import org.millrace.bench.load.Scenario;
import org.millrace.bench.load.Trust;
import org.millrace.bench.peer.ServerProcess;

/**
 * One server's turn over ws or over wss.
 *
 * @param trusted the server's certificate, PEM.
 */
record Turn(
    Settings settings,
    Trial trial,
    Contender contender,
    ServerProcess server,
    boolean secure,
    Path trusted) {
  private static final double NS_PER_US = 1e3;
  private static final double US_PER_S = 1e6;
  private static final double KIB = 1024;

  /** Until all connections are in use. */
  private static final Duration RUN_UP = Duration.ofMillis(500);

  /** A part of a warm-up. */
  private static final Duration A_WHILE = Duration.ofSeconds(1);

  /** How many times longer than the CPU that it is to use a server is kept busy at most. */
  private static final int PATIENCE = 4;

  /** Until the server has noticed that connections are gone. */
  private static final long SETTLE_MS = 500;

  private static final String TEXT = "x".repeat(Settings.PAYLOAD);

  /** What a turn yielded, and the result that it was read off; none where no load was run. */
  record Outcome(Map<Figure, Double> figures, LoadResult result) {}

  /**
   * Keeps the server busy until its code is compiled.
   *
   * @param handshakes whether with connections that come and go, too.
   */
  void warmUp(boolean handshakes) throws IOException {
    keepBusy(messages(), Settings.OUTSTANDING, settings.warmUp());
    if (handshakes) {
      keepBusy(storm(), 1, settings.warmUp());
    }
  }

  /** Shows a server that has just started what it will do, with hardly any connections. */
  void warmUpForIdle() throws IOException {
    keepBusy(messages(), 1, settings.idleWarmUp());
    keepBusy(storm(), 1, settings.idleWarmUp());
  }

  /**
   * Until the server has used so much CPU: where others want the processors, too, its code is not
   * compiled any sooner. Up to a point: there are servers that take hardly any.
   */
  private void keepBusy(LoadPlanBuilder load, int outstanding, Duration cpu) throws IOException {
    double used = 0;
    for (int i = 0; i < cpu.toSeconds() * PATIENCE && used < cpu.toSeconds(); i++) {
      final LoadResult result =
          trial.run(load.warmUp(Duration.ZERO).pace(Pace.closed(outstanding, A_WHILE)).build());
      used += result.server().orElseThrow().cpuSeconds();
    }
  }

  Outcome measure(Mode mode) throws IOException {
    return switch (mode) {
      case THROUGHPUT -> throughput();
      case LATENCY -> latency();
      case HANDSHAKE -> handshake();
      case IDLE -> idle();
    };
  }

  private LoadPlanBuilder plan(Scenario scenario) {
    return LoadPlan.of(server.uri(secure), scenario)
        .trust(secure ? Trust.of(trusted) : Trust.SYSTEM)
        .payload(Settings.PAYLOAD)
        .serverPid(server.pid())
        .serverChildren(true);
  }

  private LoadPlanBuilder messages() {
    return plan(contender.traffic()).connections(settings.connections()).warmUp(RUN_UP);
  }

  private LoadPlanBuilder storm() {
    final LoadPlanBuilder storm =
        plan(Scenario.STORM).connections(Settings.AT_A_TIME).warmUp(RUN_UP);
    return contender.isSip() ? storm.subProtocol("sip") : storm;
  }

  private Outcome throughput() throws IOException {
    final LoadResult result =
        trial.run(messages().pace(Pace.closed(Settings.OUTSTANDING, settings.turn())).build());
    final Map<Figure, Double> figures = new EnumMap<>(Figure.class);
    figures.put(Figure.MESSAGES, result.answersPerSecond());
    figures.put(Figure.MESSAGE_CPU, cpuEach(result));
    return new Outcome(figures, result);
  }

  private Outcome latency() throws IOException {
    final LoadResult result = trial.run(messages().rate(settings.rate(), settings.turn()).build());
    final Map<Figure, Double> figures = new EnumMap<>(Figure.class);
    figures.put(Figure.P50, result.total().percentile(50) / NS_PER_US);
    figures.put(Figure.P99, result.total().percentile(99) / NS_PER_US);
    figures.put(Figure.P999, result.total().percentile(99.9) / NS_PER_US);
    figures.put(Figure.PACED_CPU, cpuEach(result));
    return new Outcome(figures, result);
  }

  private Outcome handshake() throws IOException {
    final LoadResult result = trial.run(storm().pace(Pace.closed(1, settings.turn())).build());
    final Map<Figure, Double> figures = new EnumMap<>(Figure.class);
    figures.put(Figure.HANDSHAKES, result.answersPerSecond());
    figures.put(Figure.HANDSHAKE_CPU, cpuEach(result));
    return new Outcome(figures, result);
  }

  /** CPU within the measured time over the answers within it. */
  private static double cpuEach(LoadResult result) throws IOException {
    final double answers = result.answersPerSecond() * result.seconds();
    if (answers < 1) {
      throw new IOException("nothing was answered; errors: " + result.errors());
    }
    return result.server().orElseThrow().cpuSeconds() * US_PER_S / answers;
  }

  private Outcome idle() throws IOException {
    settle();
    final OptionalLong heap = server.heapInUse();
    final long resident = server.residentBytes();
    try (IdleConnections idle = openIdle()) {
      settle();
      final Map<Figure, Double> figures = new EnumMap<>(Figure.class);
      double heapEach = 0;
      if (heap.isPresent()) {
        heapEach = (server.heapInUse().orElseThrow() - heap.getAsLong()) / KIB / idle.count();
        figures.put(Figure.HEAP, heapEach);
      }
      final double grown = (server.residentBytes() - resident) / KIB / idle.count();
      figures.put(Figure.RESIDENT, heapEach + grown);
      return new Outcome(figures, null);
    }
  }

  private IdleConnections openIdle() throws IOException {
    return IdleConnections.open(
        server.uri(secure),
        trusted,
        settings.idle(),
        contender.isSip() ? "sip" : "",
        contender.isSip() ? options() : TEXT);
  }

  private String options() {
    return String.join(
        "\r\n",
        "OPTIONS sip:example.com SIP/2.0",
        "Via: SIP/2.0/" + (secure ? "WSS" : "WS") + " idle.invalid;branch=z9hG4bKidle",
        "Max-Forwards: 70",
        "From: <sip:idle@example.com>;tag=idle",
        "To: <sip:example.com>",
        "Call-ID: idle@idle.invalid",
        "CSeq: 1 OPTIONS",
        "Content-Length: 0",
        "",
        "");
  }

  private static void settle() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(SETTLE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
