package org.millrace.bench.capacity;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.millrace.bench.capacity.Measurement.Limit;
import org.millrace.bench.capacity.Measurement.Resident;
import org.millrace.bench.capacity.Measurement.Throughput;
import org.millrace.bench.environment.Environment;
import org.millrace.bench.load.LoadPlan;
import org.millrace.bench.load.LoadPlanBuilder;
import org.millrace.bench.load.LoadRun;
import org.millrace.bench.load.Scenario;
import org.millrace.bench.load.TimeConverter;
import org.millrace.bench.load.Trust;
import org.millrace.bench.peer.Identity;
import org.millrace.bench.peer.Peer;
import org.millrace.bench.peer.PeerProcess;
import org.millrace.bench.peer.ServerProcess;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench capacity measure}. */
@Command(
    name = "measure",
    description = {
      "Finds the highest rate and the most connections that a server holds under a service level, by",
      "steps that grow and then close in, each tried until most of its repeats agree. Also what the",
      "server does with so many messages at a time (Universal Scalability Law), what memory a",
      "connection takes, and what CPU a message and a handshake take. About 6 minutes.",
      "",
      "Without a URI, Millrace itself is started and measured. Any other server has to run on this",
      "machine: its CPU and memory are read by --pid. The generator needs a core of its own; where it",
      "was the bottleneck, what is told is a lower bound, and says so."
    },
    mixinStandardHelpOptions = true)
final class MeasureCommand implements Callable<Integer> {
  private static final int[] CONCURRENCIES = {1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64};
  private static final double GROWTH = 1.6;
  private static final double PRECISION = 0.08;
  private static final int MEMORY_POINTS = 5;

  @Parameters(
      arity = "0..1",
      paramLabel = "URI",
      description = "ws://HOST:PORT/PATH or wss://HOST:PORT/PATH; Millrace itself without one")
  private URI server;

  @Option(names = "--pid", paramLabel = "PID", description = "The server's process; with a URI.")
  private long pid;

  @Option(
      names = "--children",
      description = "The processes that descend from it count, too, as Kamailio's do.")
  private boolean children;

  @Option(names = "--insecure", description = "wss: any certificate is good.")
  private boolean insecure;

  @Option(names = "--tls", description = "Without a URI: over wss.")
  private boolean tls;

  @Option(
      names = "--scenario",
      paramLabel = "NAME",
      description = "echo, options or register, as in bench load (default: ${DEFAULT-VALUE}).")
  private Scenario scenario = Scenario.OPTIONS;

  @Option(
      names = "--p99",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "Service level: 99 of 100 answers come within (default: 20ms).")
  private Duration p99 = Duration.ofMillis(20);

  @Option(
      names = "--loss",
      paramLabel = "SHARE",
      description = "Service level: messages that may fail, 0 to 1 (default: ${DEFAULT-VALUE}).")
  private double loss;

  @Option(
      names = "--connections",
      paramLabel = "N",
      description = "Connections over which rates are tried (default: ${DEFAULT-VALUE}).")
  private int connections = 200;

  @Option(
      names = "--start",
      paramLabel = "RATE",
      description = "The first rate, exchanges a second (default: ${DEFAULT-VALUE}).")
  private double start = 2_000;

  @Option(
      names = "--most-rate",
      paramLabel = "RATE",
      description = "The highest rate to be tried (default: ${DEFAULT-VALUE}).")
  private double mostRate = 500_000;

  @Option(
      names = "--most-connections",
      paramLabel = "N",
      description = "The most connections to be tried (default: ${DEFAULT-VALUE}).")
  private int mostConnections = 8_000;

  @Option(
      names = "--message-every",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "Of each connection, where connections are counted (default: 10s).")
  private Duration messageEvery = Duration.ofSeconds(10);

  @Option(
      names = "--step",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "Of each try, after a second of run-up (default: 3s).")
  private Duration step = Duration.ofSeconds(3);

  @Option(
      names = "--repeats",
      paramLabel = "N",
      description = "Most tries of a step, odd (default: ${DEFAULT-VALUE}).")
  private int repeats = 3;

  @Option(
      names = "--warm-up",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "Before anything counts (default: 10s).")
  private Duration warmUp = Duration.ofSeconds(10);

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the measurement to FILE, for bench capacity plan.")
  private Path json;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description = "Write capacity.html, capacity.md, capacity.json and the index into DIR.")
  private Path report;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    check();
    try {
      return server == null ? measureMillrace() : measure(server, pid, server.toString(), trust());
    } catch (IOException | IllegalArgumentException e) {
      spec.commandLine().getErr().println("bench capacity: " + e.getMessage());
      return 1;
    }
  }

  private void check() {
    require(
        (server == null) == (pid == 0),
        "--pid goes with a URI: the process of that server, on this machine");
    require(server == null || !tls, "--tls is for Millrace itself; a URI says wss");
    require(
        scenario == Scenario.ECHO
            || scenario == Scenario.OPTIONS
            || (scenario == Scenario.REGISTER && server != null),
        "--scenario: echo or options; register with a URI, as it needs a registrar");
    require(
        repeats > 0 && repeats % 2 == 1, "--repeats: an odd number, so that there is a majority");
    require(loss >= 0 && loss < 1, "--loss: from 0 to below 1");
    require(start > 0 && mostRate >= start, "--start: above 0, and at most --most-rate");
    require(
        mostConnections >= MEMORY_POINTS && connections > 0,
        "--most-connections: " + MEMORY_POINTS + " at least; --connections: 1 at least");
  }

  private void require(boolean condition, String message) {
    if (!condition) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }

  private Trust trust() {
    return insecure ? Trust.ANY : Trust.SYSTEM;
  }

  private int measureMillrace() throws IOException {
    final List<String> flags = Environment.serverFlags();
    try (Identity identity = Identity.make();
        ServerProcess millrace =
            scenario == Scenario.ECHO
                ? PeerProcess.start(Peer.MILLRACE, flags, identity)
                : PeerProcess.startSip(flags, identity)) {
      return measure(
          millrace.uri(tls),
          millrace.pid(),
          "Millrace: " + millrace.note(),
          Trust.of(identity.chain()));
    }
  }

  private int measure(URI uri, long process, String name, Trust trust) throws IOException {
    final LoadPlanBuilder plan =
        LoadPlan.of(uri, scenario)
            .trust(trust)
            .serverPid(process)
            .serverChildren(children)
            .connections(connections)
            .rate(start, step);
    final ServiceLevel level = new ServiceLevel(p99, loss);
    final Trials trials =
        new Trials(
            load -> LoadRun.run(load, line -> {}), plan.build(), level, messageEvery, this::say);
    final Measurement measurement = measure(trials, level, uri, name);
    if (json != null) {
      Files.writeString(json, measurement.json() + "\n");
    }
    final CapacityReport written = new CapacityReport(measurement);
    final PrintWriter out = spec.commandLine().getOut();
    written.lines().forEach(out::println);
    out.flush();
    if (report != null) {
      written.writeTo(report);
    }
    return measurement.rate().value() > 0 && measurement.open().value() > 0 ? 0 : 1;
  }

  private Measurement measure(Trials trials, ServiceLevel level, URI uri, String name)
      throws IOException {
    final Environment environment = Environment.of(Environment.serverFlags());
    trials.warmUp(warmUp);
    say("memory of idle connections");
    final List<Resident> memory = new ArrayList<>();
    for (int i = 0; i < MEMORY_POINTS; i++) {
      memory.add(trials.idle(mostConnections * (i + 1) / MEMORY_POINTS));
    }
    say("the highest rate over " + connections + " connections with " + level);
    final Limit rate =
        limit(new Search(trials::rate, repeats, GROWTH, PRECISION).run(start, mostRate));
    say("the most connections with " + level);
    final Limit open =
        limit(
            new Search(trials::open, repeats, 2, PRECISION)
                .run(Math.min(1000, mostConnections), mostConnections));
    say("throughput with so many messages at a time");
    final List<Throughput> throughput = new ArrayList<>();
    for (int repeat = 0; repeat < repeats; repeat++) {
      for (final int concurrency : CONCURRENCIES) {
        throughput.add(trials.throughput(concurrency));
      }
    }
    final List<Double> handshakes = new ArrayList<>();
    for (int repeat = 0; repeat < repeats; repeat++) {
      handshakes.add(trials.handshakeCpu());
    }
    return new Measurement(
        "./millrace bench capacity measure " + arguments(),
        environment,
        name,
        uri.getScheme().equals("wss"),
        scenario.toString(),
        ManagementFactory.getOperatingSystemMXBean().getAvailableProcessors(),
        level.toString(),
        connections,
        rate,
        open,
        trials.steps(),
        throughput,
        memory,
        handshakes);
  }

  private static Limit limit(Search.Found found) {
    return new Limit(found.held(), found.why());
  }

  private String arguments() {
    return String.join(" ", spec.commandLine().getParseResult().originalArgs());
  }

  private void say(String line) {
    spec.commandLine().getErr().println(line);
    spec.commandLine().getErr().flush();
  }
}
