package org.millrace.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoadRunTest {
  private static URI uri(ScriptedServer server) {
    return URI.create("ws://127.0.0.1:" + server.address().getPort() + "/echo");
  }

  private static LoadResult run(LoadPlanBuilder plan) throws IOException {
    return LoadRun.run(plan.build(), line -> {});
  }

  private static LoadPlanBuilder echo(ScriptedServer server) {
    return LoadPlan.of(uri(server), Scenario.ECHO)
        .connections(4)
        .warmUp(Duration.ofMillis(100))
        .rate(500, Duration.ofSeconds(1));
  }

  @Test
  void allMessagesOfAnEchoServerAreAnswered() throws IOException {
    try (ScriptedServer server = ScriptedServer.echo()) {
      final LoadResult result = run(echo(server));
      assertThat(result.intended()).isEqualTo(500);
      assertThat(result.sent()).isEqualTo(500);
      assertThat(result.answered()).isEqualTo(500);
      assertThat(result.isClean()).isTrue();
      assertThat(result.latency().getTotalCount()).isEqualTo(500);
      assertThat(result.handshake().getTotalCount()).isEqualTo(4);
    }
  }

  @Test
  void whatIsWrittenAsJsonIsReadAgain() throws IOException {
    try (ScriptedServer server = ScriptedServer.echo()) {
      final LoadResult result =
          run(echo(server).serverPid(ProcessHandle.current().pid()).sources(List.of()));
      final LoadResult read = LoadResult.fromJson(result.json());
      assertThat(read.latency()).isEqualTo(result.latency());
      assertThat(read.json()).isEqualTo(result.json());
    }
  }

  @Test
  void inTheClosedLoopAnAnswerBringsTheNextMessage() throws IOException {
    try (ScriptedServer server = ScriptedServer.echo()) {
      final LoadResult result = run(echo(server).pace(Pace.closed(8, Duration.ofMillis(500))));
      assertThat(result.answered()).isGreaterThan(4 * 8).isEqualTo(result.intended());
      assertThat(result.lost()).isZero();
    }
  }

  @Test
  void progressIsToldEachSecond() throws IOException {
    final List<String> lines = new ArrayList<>();
    try (ScriptedServer server = ScriptedServer.echo()) {
      LoadRun.run(echo(server).build(), lines::add);
    }
    assertThat(lines).anyMatch(line -> line.contains("answered, p50"));
  }
}
