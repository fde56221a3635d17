package org.millrace.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.millrace.bench.load.client.Latencies;

class LoadResultTest {
  private static final LoadPlan PLAN =
      LoadPlan.of(URI.create("wss://server:8443/echo?x=1"), Scenario.MESSAGE)
          .connections(100)
          .processes(3)
          .pace(Pace.steps(List.of(300.0, 900.0), Duration.ofSeconds(5)))
          .sources(List.of("127.0.0.2", "127.0.0.3"))
          .serverPid(1)
          .trust(Trust.of(Path.of("server.pem")))
          .build();

  private static Histogram histogram(long... values) {
    final Histogram histogram = Latencies.histogram();
    for (final long value : values) {
      Latencies.record(histogram, value);
    }
    return histogram;
  }

  private static LoadResult result(LoadPlan plan, long lost, double busy, ServerUse server) {
    final Histogram latency = histogram(1_000, 2_000, 3_000_000);
    final Tally tally = new Tally(5, 10, 9, 9 - lost, latency);
    return new LoadResult(
        plan,
        List.of("cpu: some"),
        new Tally(10, 20, 18, 18 - 2 * lost, histogram(1, 2, 3, 4)),
        List.of(tally, tally),
        1.8,
        lost == 0 ? Map.of() : Map.of("bad", lost),
        Map.of("note", 2L),
        histogram(5),
        Optional.ofNullable(server),
        new ClientUse(busy, 0.1, 10, 20, 0.5),
        busy > 0.9 ? List.of("busy") : List.of());
  }

  @Test
  void jsonKeepsEverything() {
    final LoadResult result = result(PLAN, 1, 0.95, new ServerUse(1.5, 100, 200, 300));
    final LoadResult read = LoadResult.fromJson(result.json());
    assertThat(read).isEqualTo(result);
    assertThat(result.json()).contains("\"p99Us\"").contains("\"lost\" : 2");
  }

  @Test
  void somethingElseIsNoResult() {
    assertThatThrownBy(() -> LoadResult.fromJson("{}"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> LoadResult.fromJson("no JSON"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theSharesOfAPlanAreThePlan() {
    final LoadPlan one = PLAN.share(0);
    final LoadPlan two = PLAN.share(1);
    final LoadPlan three = PLAN.share(2);
    assertThat(List.of(one, two, three)).allMatch(share -> share.connections() % 2 == 0);
    assertThat(two.sip().first()).isEqualTo(one.connections());
    assertThat(two.serverPid()).isEmpty();
    final LoadPlan whole = one.beside(two).beside(three);
    assertThat(whole.connections()).isEqualTo(100);
    assertThat(whole.processes()).isEqualTo(3);
    assertThat(whole.serverPid()).hasValue(1);
    assertThat(whole.pace().steps().get(1).to()).isCloseTo(900.0, within(1e-6));
  }

  @Test
  void resultsOfProcessesAddUp() {
    final LoadResult merged =
        LoadResult.merge(
            List.of(
                result(PLAN.share(0), 1, 0.2, new ServerUse(1.5, 100, 200, 300)),
                result(PLAN.share(1), 0, 0.95, null),
                result(PLAN.share(2), 1, 0.3, null)));
    assertThat(merged.intended()).isEqualTo(60);
    assertThat(merged.sent()).isEqualTo(54);
    assertThat(merged.lost()).isEqualTo(4);
    assertThat(merged.total().unsent()).isEqualTo(6);
    assertThat(merged.seconds()).isEqualTo(10);
    assertThat(merged.answersPerSecond()).isCloseTo(5.4, within(1e-9));
    assertThat(merged.latency()).isEqualTo(histogram(1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4));
    assertThat(merged.handshake().getTotalCount()).isEqualTo(3);
    assertThat(merged.steps()).hasSize(2).allMatch(step -> step.intended() == 30);
    assertThat(merged.errors()).containsEntry("bad", 2L);
    assertThat(merged.notes()).containsEntry("note", 6L);
    assertThat(merged.server()).contains(new ServerUse(1.5, 100, 200, 300));
    assertThat(merged.client().busy()).isEqualTo(0.95);
    assertThat(merged.bottlenecks()).containsExactly("busy");
  }

  @Test
  void aGeneratorThatWorkedTooHardIsNamed() {
    assertThat(Bottleneck.of(new ClientUse(0.5, 0.05, 1_000, 9_000_000, 0.01), 10, 1_000_000))
        .isEmpty();
    assertThat(Bottleneck.of(new ClientUse(0.95, 0.5, 2_000_000, 0, 1), 10, 1_000_000))
        .hasSize(4)
        .anyMatch(reason -> reason.contains("busy for 95 %"))
        .anyMatch(reason -> reason.contains("a core for 50 %"))
        .anyMatch(reason -> reason.contains("2.00 ms"))
        .anyMatch(reason -> reason.contains("garbage for 1.00 s"));
  }
}
