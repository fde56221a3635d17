package org.millrace.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.millrace.bench.load.LoadPlan.SlowReaders;

class OtherScenariosTest {
  private static LoadPlanBuilder plan(ScriptedServer server, Scenario scenario) {
    return LoadPlan.of(URI.create("ws://127.0.0.1:" + server.address().getPort() + "/"), scenario)
        .connections(10)
        .warmUp(Duration.ZERO)
        .rate(100, Duration.ofMillis(500));
  }

  private static LoadResult run(LoadPlanBuilder plan) throws IOException {
    return LoadRun.run(plan.build(), line -> {});
  }

  @Test
  void idleConnectionsSayNothing() throws IOException {
    final AtomicInteger frames = new AtomicInteger();
    try (ScriptedServer server =
        new ScriptedServer(
            ScriptedServer.ACCEPTED, (number, echo, output) -> frames.incrementAndGet())) {
      final LoadResult result =
          run(plan(server, Scenario.IDLE).serverPid(ProcessHandle.current().pid()));
      assertThat(result.isClean()).isTrue();
      assertThat(result.intended()).isZero();
      assertThat(result.handshake().getTotalCount()).isEqualTo(10);
      assertThat(result.server().orElseThrow().residentConnected()).isPositive();
      assertThat(frames).hasValue(0);
    }
  }

  @Test
  void inAStormEachHandshakeIsAMessageAndEachConnectionIsClosed() throws IOException {
    final AtomicInteger closes = new AtomicInteger();
    try (ScriptedServer server =
        new ScriptedServer(
            ScriptedServer.ACCEPTED,
            (number, echo, output) -> {
              closes.incrementAndGet();
              output.write(echo);
            })) {
      final LoadResult result = run(plan(server, Scenario.STORM));
      assertThat(result.isClean()).isTrue();
      assertThat(result.answered()).isEqualTo(50);
      assertThat(result.latency().getTotalCount()).isEqualTo(50);
    }
    assertThat(closes).hasValueBetween(49, 50);
  }

  @Test
  void aStormInTheClosedLoopGoesOn() throws IOException {
    try (ScriptedServer server = ScriptedServer.echo()) {
      final LoadResult result =
          run(plan(server, Scenario.STORM).pace(Pace.closed(1, Duration.ofSeconds(1))));
      assertThat(result.answered()).isGreaterThan(10);
      assertThat(result.errors()).isEmpty();
    }
  }

  @Test
  void slowReadersAreNotMeasured() throws IOException {
    try (ScriptedServer server = ScriptedServer.echo()) {
      final LoadResult result =
          run(plan(server, Scenario.SLOW).slow(new SlowReaders(0.3, 10)).payload(1000));
      assertThat(result.intended()).isEqualTo(50);
      assertThat(result.answered()).isEqualTo(50);
      assertThat(result.isClean()).isTrue();
    }
  }

  @Test
  void aWrongEchoIsAnErrorAndItsMessageIsLost() throws IOException {
    try (ScriptedServer server =
        new ScriptedServer(
            ScriptedServer.ACCEPTED,
            (number, echo, output) -> {
              if (number == 1) {
                echo[echo.length - 1]++;
              }
              output.write(echo);
            })) {
      final LoadResult result =
          run(plan(server, Scenario.ECHO).connections(1).drain(Duration.ZERO));
      assertThat(result.errors())
          .containsEntry("the server's answer is not the echo of its message", 1L);
      assertThat(result.answered()).isEqualTo(1);
      assertThat(result.lost()).isPositive();
      assertThat(result.lost() + result.total().unsent()).isEqualTo(49);
    }
  }
}
