package org.millrace.bench.idle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.status.EngineCounter;
import picocli.CommandLine;

class IdleCommandTest {
  private static final int CONNECTIONS = 100;
  private static final long LONGEST_NS = Duration.ofMinutes(1).toNanos();

  @Test
  void everyConnectionIsKeptAliveAndEveryMessageHandled() throws InterruptedException {
    final ConnectionContext rules =
        new ConnectionContext()
            .keepAliveTimeout(Duration.ofSeconds(2))
            .pongTimeout(Duration.ofSeconds(60))
            .conclude();
    try (IdleEngine engine = new IdleEngine(CONNECTIONS, rules)) {
      engine.start(CONNECTIONS);
      await(engine, EngineCounter.PINGS_SENT);
      await(engine, EngineCounter.PONGS_CONFIRMED);
      assertThat(engine.count(EngineCounter.DEAD_PEERS)).isZero();
      assertThat(CpuUse.measure(engine, 1).shard()).isNotNegative();
      final Histogram latencies = WakeUps.measure(engine, 20);
      assertThat(latencies.getTotalCount()).isEqualTo(20);
      assertThat(latencies.getMinValue()).isPositive();
      assertThat(engine.count(EngineCounter.RECEIVED_MESSAGES)).isEqualTo(20);
      assertThat(engine.count(EngineCounter.ERRORS)).isZero();
    }
  }

  /** The clock runs on whether or not the shard and the peers get to keep up with it. */
  private static void await(IdleEngine engine, EngineCounter counter) {
    final long startNs = System.nanoTime();
    while (engine.count(counter) < CONNECTIONS) {
      assertThat(System.nanoTime() - startNs).as("wait for " + counter).isLessThan(LONGEST_NS);
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void printsFiguresAndVerdicts() {
    final StringWriter out = new StringWriter();
    final int exit =
        new CommandLine(new IdleCommand())
            .setOut(new PrintWriter(out))
            .execute("--connections", "1000", "--seconds", "1", "--messages", "10");
    assertThat(exit).isBetween(0, 1);
    assertThat(out.toString())
        .contains("1,000 idle connections, 1 s, ")
        .contains("10 messages to the sleeping shard: median ");
  }
}
