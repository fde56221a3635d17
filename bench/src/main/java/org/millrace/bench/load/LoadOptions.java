package org.millrace.bench.load;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.millrace.bench.load.LoadPlan.SipUsers;
import org.millrace.bench.load.LoadPlan.SlowReaders;
import picocli.CommandLine.Option;

/** The options that make a {@link LoadPlan}. */
final class LoadOptions {
  @Option(
      names = "--scenario",
      paramLabel = "NAME",
      description = "One of those above (default: ${DEFAULT-VALUE}).")
  private Scenario scenario = Scenario.ECHO;

  @Option(
      names = {"-c", "--connections"},
      paramLabel = "N",
      description = "Connections (default: ${DEFAULT-VALUE}).")
  private int connections = 64;

  @Option(
      names = {"-r", "--rate"},
      paramLabel = "R[..R]",
      description =
          "Messages, calls or connections a second, all connections together; with .. it changes"
              + " evenly from the one to the other (default: 1000).")
  private String rate;

  @Option(
      names = {"-d", "--duration", "--over"},
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "How long: 500ms, 30s, 5m, 1h (default: 10s).")
  private Duration duration;

  @Option(
      names = "--steps",
      split = ",",
      paramLabel = "R",
      description = "Rates, one after the other, each for --step and reported for itself.")
  private List<Double> steps = List.of();

  @Option(
      names = "--step",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "How long each of --steps is (default: 10s).")
  private Duration step;

  @Option(
      names = "--outstanding",
      paramLabel = "N",
      description = "Closed loop: N messages under way on each connection, no rate.")
  private int outstanding;

  @Option(
      names = "--warm-up",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "Before that, at the first rate, counted nowhere (default: 2s).")
  private Duration warmUp = Duration.ofSeconds(2);

  @Option(
      names = "--drain",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "How long to wait for missing answers at the end (default: 5s).")
  private Duration drain = Duration.ofSeconds(5);

  @Option(
      names = "--payload",
      paramLabel = "BYTES",
      description = "Of an echoed message or a SIP MESSAGE's body (default: ${DEFAULT-VALUE}).")
  private int payload = 512;

  @Option(
      names = "--connect-rate",
      paramLabel = "R",
      description = "Connections begun a second (default: as many as are answered).")
  private double connectRate;

  @Option(
      names = "--source",
      split = ",",
      paramLabel = "ADDRESS",
      description =
          "Addresses of this machine to connect from, in turn: one has some 28,000 ports"
              + " (127.0.0.2,127.0.0.3 and so on for a server on 127.0.0.1).")
  private List<String> sources = List.of();

  @Option(
      names = "--sub-protocol",
      paramLabel = "NAME",
      description = "To ask for and to insist on (default: sip for those scenarios, else none).")
  private String subProtocol;

  @Option(names = "--insecure", description = "wss: any certificate is good.")
  private boolean insecure;

  @Option(
      names = "--trust",
      paramLabel = "FILE",
      description = "wss: trust the certificates of this PEM file, not the system's authorities.")
  private Path trust;

  @Option(
      names = "--pid",
      paramLabel = "PID",
      description = "The server's process on this machine: its CPU and memory are told, too.")
  private Long pid;

  @Option(names = "--children", description = "With --pid: its descendants count, too.")
  private boolean children;

  @Option(
      names = "--processes",
      paramLabel = "N",
      description = "Generator processes that share the work, a core each (default: 1).")
  private int processes = 1;

  @Option(
      names = "--late-bound",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description =
          "If 1 %% of the messages are taken up later than this after their times, the generator is"
              + " called too slow (default: 1ms).")
  private Duration lateBound = Duration.ofMillis(1);

  @Option(
      names = "--domain",
      paramLabel = "NAME",
      description = "SIP: that of the users (default: ${DEFAULT-VALUE}).")
  private String domain = "example.com";

  @Option(
      names = "--first-user",
      paramLabel = "N",
      description = "SIP: number of the first user (default: ${DEFAULT-VALUE}).")
  private int firstUser;

  @Option(
      names = "--hold",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "calls: how long each lasts before its BYE (default: 1s).")
  private Duration hold = Duration.ofSeconds(1);

  @Option(
      names = "--slow-share",
      paramLabel = "X",
      description = "slow: share of the connections, 0 to 1 (default: ${DEFAULT-VALUE}).")
  private double slowShare = 0.1;

  @Option(
      names = "--slow-rate",
      paramLabel = "BYTES",
      description = "slow: that each of them reads a second (default: ${DEFAULT-VALUE}).")
  private int slowRate = 1024;

  int processes() {
    return processes;
  }

  /**
   * The plan.
   *
   * @throws IllegalArgumentException with a reason for people, if there is none.
   */
  LoadPlan plan(URI server) {
    final LoadPlanBuilder plan =
        LoadPlan.of(server, scenario)
            .connections(connections)
            .pace(pace())
            .payload(payload)
            .warmUp(warmUp)
            .drain(drain)
            .lateBound(lateBound)
            .connectRate(connectRate)
            .sources(sources)
            .trust(new Trust(insecure, Optional.ofNullable(trust)))
            .serverChildren(children)
            .processes(processes)
            .sip(new SipUsers(domain, firstUser, hold))
            .slow(new SlowReaders(slowShare, slowRate));
    if (subProtocol != null) {
      plan.subProtocol(subProtocol);
    }
    if (pid != null) {
      plan.serverPid(pid);
    }
    final LoadPlan built = plan.build();
    Limits.require(built);
    return built;
  }

  private Pace pace() {
    require(
        (rate == null ? 0 : 1) + (steps.isEmpty() ? 0 : 1) + (outstanding == 0 ? 0 : 1) <= 1,
        "one of --rate, --steps and --outstanding");
    require(steps.isEmpty() || duration == null, "--steps takes --step, not --duration");
    require(!steps.isEmpty() || step == null, "--step goes with --steps");
    final Duration time = duration == null ? Duration.ofSeconds(10) : duration;
    if (!steps.isEmpty()) {
      return Pace.steps(steps, step == null ? Duration.ofSeconds(10) : step);
    }
    if (outstanding != 0) {
      return Pace.closed(outstanding, time);
    }
    final List<Double> rates = new ArrayList<>();
    for (final String part : (rate == null ? "1000" : rate).split("\\.\\.", -1)) {
      rates.add(number(part));
    }
    require(rates.size() <= 2, "--rate is a number, or two with .. between them");
    return Pace.ramp(rates.get(0), rates.get(rates.size() - 1), time);
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("--rate is a number, or two with .. between them", e);
    }
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
