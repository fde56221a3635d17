package org.millrace.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.millrace.bench.load.ClientUse;
import org.millrace.bench.load.LoadPlan;
import org.millrace.bench.load.LoadResult;
import org.millrace.bench.load.Scenario;
import org.millrace.bench.load.ServerUse;
import org.millrace.bench.load.Tally;
import org.millrace.bench.peer.ServerProcess;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The order of turns and what is read off their results, with servers and loads that are none. */
class RunTest {
  private final List<String> order = new ArrayList<>();
  private final List<LoadPlan> plans = new ArrayList<>();
  private final List<String> progress = new ArrayList<>();
  private double cpuSeconds = 0.01;
  private long lost;
  private List<String> bottlenecks = List.of();
  private String failing = "";

  /** Holds options as the command does. */
  @Command
  private static final class Options {
    @Mixin private Settings settings;
  }

  private static Settings settings(String... args) {
    final Options options = new Options();
    new CommandLine(options).parseArgs(args);
    return options.settings;
  }

  private record FakeServer(String name) implements ServerProcess {
    @Override
    public URI uri(boolean secure) {
      return URI.create((secure ? "wss://" : "ws://") + name + ":1/echo");
    }

    @Override
    public long pid() {
      return 1;
    }

    @Override
    public OptionalLong heapInUse() {
      return OptionalLong.empty();
    }

    @Override
    public String note() {
      return "";
    }

    @Override
    public void close() {}
  }

  private LoadResult load(LoadPlan plan) throws IOException {
    order.add(plan.server().getScheme() + " " + plan.server().getHost() + " " + plan.scenario());
    plans.add(plan);
    if (plan.server().getHost().equals(failing)) {
      throw new IOException("refused");
    }
    final Histogram latency = new Histogram(3);
    latency.recordValueWithCount(20_000, 98);
    latency.recordValueWithCount(500_000, 2);
    final Tally tally = new Tally(2, 1000 + lost, 1000 + lost, 1000, latency);
    return new LoadResult(
        plan,
        List.of(),
        tally,
        List.of(tally),
        500,
        Map.of(),
        Map.of(),
        latency,
        Optional.of(new ServerUse(cpuSeconds, 0, 0, 0)),
        new ClientUse(0, 0, 0, 0, 0),
        bottlenecks);
  }

  private Results run(List<Mode> modes, String... args) {
    final Map<Contender, ServerProcess> servers = new EnumMap<>(Contender.class);
    for (final Contender contender :
        List.of(Contender.MILLRACE, Contender.NETTY, Contender.KAMAILIO)) {
      servers.put(contender, new FakeServer(contender.toString()));
    }
    return new Run(
            settings(args),
            this::load,
            servers,
            contender -> new FakeServer(contender.toString()),
            modes,
            List.of(false, true),
            Path.of("peer.crt"),
            progress::add)
        .results();
  }

  @Test
  void everyServerHasItsTurnInEachRound() {
    run(List.of(Mode.THROUGHPUT, Mode.HANDSHAKE), "--rounds", "2", "--warm-up", "0");
    assertThat(order).hasSize(2 * 2 * 2 * 3);
    assertThat(order.subList(0, 12))
        .containsExactly(
            "ws millrace echo",
            "ws netty echo",
            "ws kamailio options",
            "wss millrace echo",
            "wss netty echo",
            "wss kamailio options",
            "ws millrace storm",
            "ws netty storm",
            "ws kamailio storm",
            "wss millrace storm",
            "wss netty storm",
            "wss kamailio storm");
    assertThat(order.subList(12, 24)).isEqualTo(order.subList(0, 12));
  }

  @Test
  void aPlanSaysWhatTheModeIs() {
    run(List.of(Mode.THROUGHPUT, Mode.LATENCY, Mode.HANDSHAKE), "--quick", "--warm-up", "3");
    assertThat(plans.get(0).pace().outstanding()).isEqualTo(16);
    final LoadPlan latency =
        plans.stream().filter(plan -> !plan.pace().isClosed()).findFirst().orElseThrow();
    assertThat(latency.pace().steps().get(0).from()).isEqualTo(5_000);
    assertThat(latency.connections()).isEqualTo(64);
    assertThat(latency.payload()).isEqualTo(512);
    assertThat(latency.serverPid()).hasValue(1);
    final LoadPlan last = plans.get(plans.size() - 1);
    assertThat(last.scenario()).isEqualTo(Scenario.STORM);
    assertThat(last.subProtocol()).contains("sip");
    assertThat(last.trust().pem()).contains(Path.of("peer.crt"));
  }

  @Test
  void aServerIsWarmWhenItHasUsedItsShareOfCpu() {
    cpuSeconds = 0.75;
    run(List.of(Mode.HANDSHAKE), "--quick", "--warm-up", "3");
    assertThat(order.subList(0, 8))
        .containsExactly(
            "ws millrace echo",
            "ws millrace echo",
            "ws millrace echo",
            "ws millrace echo",
            "ws millrace storm",
            "ws millrace storm",
            "ws millrace storm",
            "ws millrace storm");
    assertThat(order.get(8)).isEqualTo("ws netty echo");
  }

  @Test
  void aServerThatTakesHardlyAnyCpuIsNotWaitedForForEver() {
    cpuSeconds = 0;
    run(List.of(Mode.THROUGHPUT), "--quick", "--warm-up", "2");
    assertThat(order.stream().filter("ws netty echo"::equals)).hasSize(4 * 2 + 1);
  }

  @Test
  void figuresAreReadOffTheResult() {
    final Results results =
        run(List.of(Mode.THROUGHPUT, Mode.LATENCY, Mode.HANDSHAKE), "--quick", "--warm-up", "0");
    for (final Figure figure : List.of(Figure.MESSAGES, Figure.HANDSHAKES)) {
      assertThat(results.rounds(key(figure))).containsExactly(500.0);
    }
    for (final Figure figure :
        List.of(Figure.MESSAGE_CPU, Figure.PACED_CPU, Figure.HANDSHAKE_CPU)) {
      assertThat(results.rounds(key(figure))).containsExactly(10.0);
    }
    assertThat(results.rounds(key(Figure.P50)).get(0)).isBetween(19.9, 20.1);
    assertThat(results.rounds(key(Figure.P99)).get(0)).isBetween(499.0, 501.0);
    assertThat(results.remarks()).noneMatch(remark -> remark.contains("netty"));
    assertThat(results.isGeneratorBound(key(Figure.P99))).isFalse();
  }

  private static Results.Key key(Figure figure) {
    return new Results.Key(Contender.NETTY, true, figure);
  }

  @Test
  void lossesAndTheGeneratorsLimitsAreTold() {
    lost = 7;
    bottlenecks = List.of("its thread was busy");
    final Results results = run(List.of(Mode.LATENCY), "--quick", "--warm-up", "0");
    assertThat(results.remarks())
        .hasSizeBetween(6, 7)
        .contains("netty over wss, latency: 7 of 1007 messages lost (round 1)");
    assertThat(results.isGeneratorBound(key(Figure.P99))).isTrue();
  }

  @Test
  void theOthersGoOnWhenOneFails() {
    failing = "netty";
    final Results results = run(List.of(Mode.THROUGHPUT), "--rounds", "2", "--warm-up", "1");
    assertThat(results.hasFailed()).isTrue();
    assertThat(results.remarks())
        .contains("netty over ws, throughput: failed: refused (round 1, 2)")
        .contains("netty over wss, warm-up: failed: refused (before the rounds)");
    assertThat(results.rounds(key(Figure.MESSAGES))).isEmpty();
    assertThat(results.rounds(new Results.Key(Contender.MILLRACE, true, Figure.MESSAGES)))
        .hasSize(2);
  }
}
