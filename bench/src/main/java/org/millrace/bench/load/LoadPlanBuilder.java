package org.millrace.bench.load;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.millrace.bench.load.LoadPlan.SipUsers;
import org.millrace.bench.load.LoadPlan.SlowReaders;

/** Puts a {@link LoadPlan} together; what is not said keeps its default. */
public final class LoadPlanBuilder {
  private final URI server;
  private final Scenario scenario;
  private int connections = 64;
  private Pace pace = Pace.fixed(1_000, Duration.ofSeconds(10));
  private int payload = 512;
  private Duration warmUp = Duration.ofSeconds(2);
  private Duration drain = Duration.ofSeconds(5);
  private Duration lateBound = Duration.ofMillis(1);
  private double connectRate;
  private List<String> sources = List.of();
  private Optional<String> subProtocol;
  private Trust trust = Trust.SYSTEM;
  private OptionalLong serverPid = OptionalLong.empty();
  private boolean serverChildren;
  private int processes = 1;
  private SipUsers sip = new SipUsers("example.com", 0, Duration.ofSeconds(1));
  private SlowReaders slow = new SlowReaders(0.1, 1024);

  LoadPlanBuilder(URI server, Scenario scenario) {
    this.server = server;
    this.scenario = scenario;
    subProtocol = scenario.isSip() ? Optional.of("sip") : Optional.empty();
  }

  LoadPlanBuilder(LoadPlan plan) {
    this(plan.server(), plan.scenario());
    connections = plan.connections();
    pace = plan.pace();
    payload = plan.payload();
    warmUp = plan.warmUp();
    drain = plan.drain();
    lateBound = plan.lateBound();
    connectRate = plan.connectRate();
    sources = plan.sources();
    subProtocol = plan.subProtocol();
    trust = plan.trust();
    serverPid = plan.serverPid();
    serverChildren = plan.serverChildren();
    processes = plan.processes();
    sip = plan.sip();
    slow = plan.slow();
  }

  public LoadPlanBuilder connections(int count) {
    connections = count;
    return this;
  }

  public LoadPlanBuilder pace(Pace how) {
    pace = how;
    return this;
  }

  /** A fixed rate for a time: messages a second, all connections together. */
  public LoadPlanBuilder rate(double rate, Duration time) {
    return pace(Pace.fixed(rate, time));
  }

  public LoadPlanBuilder payload(int bytes) {
    payload = bytes;
    return this;
  }

  public LoadPlanBuilder warmUp(Duration time) {
    warmUp = time;
    return this;
  }

  public LoadPlanBuilder drain(Duration time) {
    drain = time;
    return this;
  }

  public LoadPlanBuilder lateBound(Duration time) {
    lateBound = time;
    return this;
  }

  public LoadPlanBuilder connectRate(double rate) {
    connectRate = rate;
    return this;
  }

  public LoadPlanBuilder sources(List<String> addresses) {
    sources = addresses;
    return this;
  }

  public LoadPlanBuilder subProtocol(String name) {
    subProtocol = Optional.of(name);
    return this;
  }

  public LoadPlanBuilder trust(Trust which) {
    trust = which;
    return this;
  }

  public LoadPlanBuilder serverPid(long pid) {
    return serverPid(OptionalLong.of(pid));
  }

  LoadPlanBuilder serverPid(OptionalLong pid) {
    serverPid = pid;
    return this;
  }

  public LoadPlanBuilder serverChildren(boolean count) {
    serverChildren = count;
    return this;
  }

  public LoadPlanBuilder processes(int count) {
    processes = count;
    return this;
  }

  public LoadPlanBuilder sip(SipUsers users) {
    sip = users;
    return this;
  }

  public LoadPlanBuilder slow(SlowReaders readers) {
    slow = readers;
    return this;
  }

  /**
   * The plan.
   *
   * @throws IllegalArgumentException with a reason for people, if it cannot be done.
   */
  public LoadPlan build() {
    return new LoadPlan(
        server,
        scenario,
        connections,
        pace,
        payload,
        warmUp,
        drain,
        lateBound,
        connectRate,
        sources,
        subProtocol,
        trust,
        serverPid,
        serverChildren,
        processes,
        sip,
        slow);
  }
}
