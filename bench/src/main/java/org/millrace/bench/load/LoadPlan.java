package org.millrace.bench.load;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a load generator is to do.
 *
 * @param server ws or wss.
 * @param connections all generator processes together.
 * @param payload bytes of an echoed message, or of the body of a SIP MESSAGE.
 * @param warmUp at the first step's first rate, counted nowhere.
 * @param drain how long to wait for answers that are missing at the end.
 * @param lateBound the latest that 99 % of the messages may be taken up after their times; beyond
 *     it the generator is called the bottleneck.
 * @param connectRate connections begun a second; 0 for as many as are answered.
 * @param sources addresses of this machine to connect from, in turn; none for the system's choice.
 * @param subProtocol to ask for, and to insist on.
 * @param serverPid a process of this machine whose CPU and memory are read.
 * @param serverChildren whether its descendants count, too.
 * @param processes generator processes to share the work.
 */
public record LoadPlan(
    URI server,
    Scenario scenario,
    int connections,
    Pace pace,
    int payload,
    Duration warmUp,
    Duration drain,
    Duration lateBound,
    double connectRate,
    List<String> sources,
    Optional<String> subProtocol,
    Trust trust,
    OptionalLong serverPid,
    boolean serverChildren,
    int processes,
    SipUsers sip,
    SlowReaders slow) {
  private static final int MOST_PAYLOAD = 1 << 20;

  /**
   * The users of a SIP scenario: {@code u} and a number of eight digits, one a connection.
   *
   * @param domain behind the @ of their addresses.
   * @param first number of the first.
   * @param hold how long a call lasts before its BYE.
   */
  public record SipUsers(String domain, int first, Duration hold) {}

  /**
   * Those of scenario {@link Scenario#SLOW} that read hardly anything.
   *
   * @param share of all connections, 0 to 1.
   * @param bytesPerSecond that each reads.
   */
  public record SlowReaders(double share, int bytesPerSecond) {}

  /** Refuses what cannot be done, with a reason for people. */
  public LoadPlan {
    sources = List.copyOf(sources);
    final String scheme = String.valueOf(server.getScheme());
    require(
        (scheme.equals("ws") || scheme.equals("wss")) && server.getHost() != null,
        "the server is ws://HOST:PORT/PATH or wss://HOST:PORT/PATH, not " + server);
    require(connections > 0, "connections: one at least");
    require(processes > 0 && processes <= connections, "processes: from 1 to the connections");
    require(
        payload >= 0 && payload <= MOST_PAYLOAD, "payload: from 0 to " + MOST_PAYLOAD + " bytes");
    require(
        !scenario.isOfPairs() || (connections % 2 == 0 && processes <= connections / 2),
        scenario + ": connections work in pairs, at least one in each process");
    require(
        !pace.isClosed() || (scenario != Scenario.IDLE && scenario != Scenario.SLOW),
        scenario + ": has no closed loop");
    require(slow.share >= 0 && slow.share < 1, "slow readers: a share from 0 to below 1");
    require(slow.bytesPerSecond >= 0, "slow readers: bytes a second, from 0 on");
    require(
        pace.isClosed()
            || scenario == Scenario.IDLE
            || pace.steps().stream().anyMatch(step -> step.from() + step.to() > 0),
        "rate: more than 0 messages a second");
    require(connectRate >= 0, "connect rate: from 0 on");
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }

  /** A plan for a server with everything else at its default. */
  public static LoadPlanBuilder of(URI server, Scenario scenario) {
    return new LoadPlanBuilder(server, scenario);
  }

  public LoadPlanBuilder toBuilder() {
    return new LoadPlanBuilder(this);
  }

  /** Whether connections are encrypted. */
  public boolean isSecure() {
    return server.getScheme().equals("wss");
  }

  /** The part of the work that one of the {@link #processes()} does, from 0. */
  LoadPlan share(int process) {
    final int group = scenario.isOfPairs() ? 2 : 1;
    final int groups = connections / group;
    final int from = (int) ((long) groups * process / processes) * group;
    final int to = (int) ((long) groups * (process + 1) / processes) * group;
    return toBuilder()
        .connections(to - from)
        .pace(pace.times((double) (to - from) / connections))
        .connectRate(connectRate / processes)
        .processes(1)
        .sip(new SipUsers(sip.domain, sip.first + from, sip.hold))
        .serverPid(process == 0 ? serverPid : OptionalLong.empty())
        .build();
  }

  /** This and another's work at the same time. */
  LoadPlan beside(LoadPlan other) {
    return toBuilder()
        .connections(connections + other.connections)
        .pace(pace.plus(other.pace))
        .connectRate(connectRate + other.connectRate)
        .processes(processes + other.processes)
        .sip(new SipUsers(sip.domain, Math.min(sip.first, other.sip.first), sip.hold))
        .serverPid(serverPid.isPresent() ? serverPid : other.serverPid)
        .build();
  }
}
