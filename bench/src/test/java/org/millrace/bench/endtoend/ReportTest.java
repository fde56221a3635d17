package org.millrace.bench.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.millrace.bench.environment.Environment;
import org.millrace.bench.peer.Peer;

class ReportTest {
  private static final Environment ENVIRONMENT =
      new Environment("a cpu", "an os", "a jdk", List.of("-flag"), "abc+", "0.1 0.2 0.3");

  private static final List<Peer> PEERS = List.of(Peer.MILLRACE, Peer.JETTY, Peer.NETTY);

  private final Figures figures = new Figures();

  private Report report() {
    return new Report(ENVIRONMENT, PEERS, figures);
  }

  private void add(Mode mode, double millrace, double jetty, double netty) {
    figures.add(mode, Peer.MILLRACE, millrace);
    figures.add(mode, Peer.JETTY, jetty);
    figures.add(mode, Peer.NETTY, netty);
  }

  private void addAllOnTarget() {
    add(Mode.BATCHED, 2, 10, 4);
    add(Mode.SINGLE, 7, 10, 1);
    add(Mode.HANDSHAKE, 110, 100, 1);
    add(Mode.IDLE, 1843, 1, 1);
  }

  @Test
  void theMedianOfTheRoundsCounts() {
    add(Mode.BATCHED, 1, 10, 10);
    add(Mode.BATCHED, 50, 10, 10);
    add(Mode.BATCHED, 3, 10, 10);
    assertThat(figures.median(Mode.BATCHED, Peer.MILLRACE)).isEqualTo(3);
    add(Mode.BATCHED, 4, 10, 10);
    assertThat(figures.median(Mode.BATCHED, Peer.MILLRACE)).isEqualTo(3.5);
    assertThatThrownBy(() -> figures.median(Mode.IDLE, Peer.JETTY))
        .hasMessageContaining("not measured");
  }

  @Test
  void metWhenNoRatioIsOverItsTarget() {
    addAllOnTarget();
    assertThat(report().isMet()).isTrue();
    assertThat(report().lines()).hasSize(18).endsWith("all targets met");
    assertThat(report().lines()).noneMatch(line -> line.contains("FAIL"));
  }

  @Test
  void missedWhenOneRatioIsTooLarge() {
    addAllOnTarget();
    for (final Mode mode : Mode.values()) {
      final Figures slow = new Figures();
      for (final Peer peer : PEERS) {
        for (final Mode any : Mode.values()) {
          final double more = any == mode && peer == Peer.MILLRACE ? 1.01 : 1;
          slow.add(any, peer, figures.median(any, peer) * more);
        }
      }
      final Report report = new Report(ENVIRONMENT, PEERS, slow);
      assertThat(report.isMet()).as(mode.toString()).isFalse();
      assertThat(report.lines().stream().filter(line -> line.contains("FAIL")))
          .isNotEmpty()
          .allMatch(line -> line.startsWith(mode.title()));
    }
  }

  @Test
  void aTargetBesideAPeerThatWasNotMeasuredIsLeftOut() {
    figures.add(Mode.BATCHED, Peer.MILLRACE, 100);
    figures.add(Mode.BATCHED, Peer.NETTY, 1000);
    assertThat(report().isMet()).isTrue();
    assertThat(report().lines()).hasSize(4);
  }

  @Test
  void jsonHoldsEveryRound() throws IOException {
    addAllOnTarget();
    add(Mode.BATCHED, 4, 10, 4);
    final JsonNode json = JsonMapper.builder().build().readTree(report().json());
    assertThat(json.get("revision").asText()).isEqualTo("abc+");
    assertThat(json.get("figures")).hasSize(12);
    final JsonNode first = json.get("figures").get(0);
    assertThat(first.get("mode").asText()).isEqualTo("batched");
    assertThat(first.get("peer").asText()).isEqualTo("millrace");
    assertThat(first.get("median").asDouble()).isEqualTo(3);
    assertThat(first.get("rounds")).hasSize(2);
    assertThat(json.get("targets")).hasSize(5);
    assertThat(json.get("targets").get(0).get("met").asBoolean()).isFalse();
    assertThat(json.get("targets").get(4).get("beside").isNull()).isTrue();
    assertThat(json.get("met").asBoolean()).isFalse();
  }
}
