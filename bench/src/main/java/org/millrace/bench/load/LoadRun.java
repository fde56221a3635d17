package org.millrace.bench.load;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.millrace.bench.environment.Environment;
import org.millrace.bench.load.client.Driver;
import org.millrace.bench.load.client.Latencies;
import org.millrace.bench.load.client.Meter;
import org.millrace.bench.load.client.Network;
import org.millrace.bench.load.client.PlainWire;
import org.millrace.bench.load.client.Schedule;
import org.millrace.bench.load.client.TlsWires;
import org.millrace.bench.load.client.Upgrade;

/** Does what a {@link LoadPlan} says, on the calling thread. */
public final class LoadRun {
  private static final int WS_PORT = 80;
  private static final int WSS_PORT = 443;

  /** Waits for other generator processes, so that all do the same at the same time. */
  interface Stages {
    Stages NONE =
        new Stages() {
          @Override
          public void connect() {}

          @Override
          public void begin() {}
        };

    /** Before the first connection. */
    void connect() throws IOException;

    /** Before the first message. */
    void begin() throws IOException;
  }

  private final LoadPlan plan;
  private final Meter meter;
  private final Schedule schedule = new Schedule();

  private LoadRun(LoadPlan plan) {
    this.plan = plan;
    meter = new Meter(System::nanoTime, plan.warmUp().toNanos());
    final Pace pace = plan.pace();
    if (!plan.warmUp().isZero()) {
      final double first = plan.scenario() == Scenario.IDLE ? 0 : pace.steps().get(0).from();
      schedule.step(first, first, plan.warmUp().toNanos());
    }
    for (final Pace.Step step : pace.steps()) {
      final boolean open = !pace.isClosed() && plan.scenario() != Scenario.IDLE;
      schedule.step(open ? step.from() : 0, open ? step.to() : 0, step.time().toNanos());
      meter.step(step.time().toNanos());
    }
  }

  /**
   * Runs a plan to its end.
   *
   * @param progress gets a line about each second.
   * @throws LoadException if it cannot be run.
   */
  public static LoadResult run(LoadPlan plan, Consumer<String> progress) throws IOException {
    return plan.processes() > 1
        ? LoadProcesses.run(plan, progress)
        : run(plan, progress, Stages.NONE);
  }

  static LoadResult run(LoadPlan plan, Consumer<String> progress, Stages stages)
      throws IOException {
    try {
      return new LoadRun(plan).run(progress, stages);
    } catch (IOException e) {
      throw Limits.explained(e);
    }
  }

  private LoadResult run(Consumer<String> progress, Stages stages) throws IOException {
    final Optional<ServerProcess> server =
        plan.serverPid().isPresent()
            ? Optional.of(new ServerProcess(plan.serverPid().getAsLong(), plan.serverChildren()))
            : Optional.empty();
    final Upgrade upgrade = new Upgrade(plan.server(), plan.subProtocol());
    try (Network network =
        new Network(address(plan.server()), sources(), upgrade, wires(), meter)) {
      final Observation observation = new Observation(meter, server, network::sleptNs, progress);
      final Script script = script(network);
      stages.connect();
      new Opening(network, meter, plan.connectRate()).open(script, progress);
      observation.connected();
      stages.begin();
      final Driver driver = new Driver(schedule, script, network, meter, observation);
      observation.of(driver);
      meter.start();
      script.start();
      driver.run(plan.drain().toNanos());
      script.finish();
      return result(observation);
    }
  }

  private Script script(Network network) {
    return switch (plan.scenario()) {
      case ECHO -> new EchoScript(plan, meter);
      case OPTIONS, REGISTER, MESSAGE, CALLS -> new SipScript(plan, meter);
      case IDLE -> new IdleScript(plan);
      case STORM -> new StormScript(plan, network, meter);
      case SLOW -> new SlowScript(plan, meter);
    };
  }

  private Network.Wires wires() throws IOException {
    return plan.isSecure()
        ? new TlsWires(plan.server().getHost(), plan.trust().insecure(), plan.trust().pem())
        : PlainWire::new;
  }

  private List<InetSocketAddress> sources() throws LoadException {
    final List<InetSocketAddress> sources = new ArrayList<>();
    for (final String source : plan.sources()) {
      final InetSocketAddress address = new InetSocketAddress(source, 0);
      if (address.isUnresolved()) {
        throw new LoadException("no address is known of " + source + " (--source)");
      }
      sources.add(address);
    }
    return sources;
  }

  static InetSocketAddress address(URI server) throws LoadException {
    final int port =
        server.getPort() > 0
            ? server.getPort()
            : server.getScheme().equals("wss") ? WSS_PORT : WS_PORT;
    final InetSocketAddress address = new InetSocketAddress(server.getHost(), port);
    if (address.isUnresolved()) {
      throw new LoadException("no address is known of " + server.getHost());
    }
    return address;
  }

  private LoadResult result(Observation observation) {
    final List<Tally> steps = new ArrayList<>();
    for (int i = 0; i < meter.steps().size(); i++) {
      final Meter.Step step = meter.steps().get(i);
      steps.add(
          new Tally(
              seconds(plan.pace().steps().get(i).time()),
              step.intended(),
              step.sent(),
              step.answered(),
              step.latency()));
    }
    final double seconds = seconds(plan.pace().time());
    final ClientUse client = observation.client();
    return new LoadResult(
        plan,
        Environment.of(ManagementFactory.getRuntimeMXBean().getInputArguments()).lines(),
        total(steps, seconds),
        steps,
        meter.answersInTime() / seconds,
        meter.errors(),
        meter.notes(),
        meter.handshakes(),
        observation.server(),
        client,
        Bottleneck.of(client, seconds, plan.lateBound().toNanos()));
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }

  private static Tally total(List<Tally> steps, double seconds) {
    final Histogram latency = Latencies.histogram();
    steps.forEach(step -> latency.add(step.latency()));
    return new Tally(
        seconds,
        steps.stream().mapToLong(Tally::intended).sum(),
        steps.stream().mapToLong(Tally::sent).sum(),
        steps.stream().mapToLong(Tally::answered).sum(),
        latency);
  }
}
