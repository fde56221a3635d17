package org.millrace.bench.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.millrace.bench.wire.IdlePeers;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.status.EngineCounter;
import picocli.CommandLine;

class ConnectionsCommandTest {
  private static final int CONNECTIONS = 1_000;

  private final StringWriter out = new StringWriter();

  private int execute(String... args) {
    return new CommandLine(new ConnectionsCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(out))
        .execute(args);
  }

  /** What an engine holds besides its connections weighs too much among so few for the target. */
  @Test
  void printsFiguresAndVerdicts() {
    assertThat(execute("--connections", "1000", "--shards", "2")).isBetween(0, 1);
    assertThat(out.toString())
        .contains("1,000 connections, open: ")
        .contains("org.millrace.engine.shard.ConnectionPort")
        .contains("round 1: 1,000 pings, 1,000 pongs confirmed, 0 peers taken for dead: PASS")
        .contains("round 2: 1,000 pings, 1,000 pongs confirmed, 0 peers taken for dead: PASS")
        .contains("1,000 connections, after the rounds: ");
  }

  @Test
  void refusesWhatDoesNotFitIntoTheHeap() {
    assertThat(execute("--connections", "2000000000")).isEqualTo(2);
    assertThat(out.toString()).contains("-Xmx");
  }

  @Test
  void aRoundKeepsEveryConnectionAliveOnce() {
    final ConnectionContext rules = new ConnectionContext().conclude();
    final IdlePeers peers = new IdlePeers(CONNECTIONS);
    try (ManyConnections open = new ManyConnections(CONNECTIONS, 1, rules, peers)) {
      final KeepAliveRound.Outcome round = new KeepAliveRound(open).run();
      assertThat(round.pings()).isEqualTo(CONNECTIONS);
      assertThat(round.pongs()).isEqualTo(CONNECTIONS);
      assertThat(round.deadPeers()).isZero();
      assertThat(round.cpuNs()).isPositive();
      assertThat(round.cyclesNs().getTotalCount()).isPositive();
      assertThat(round.cyclesOver(Duration.ofDays(1))).isZero();
      assertThat(peers.answered()).isEqualTo(CONNECTIONS);
      assertThat(open.count(EngineCounter.CURRENT_CONNECTIONS)).isEqualTo(CONNECTIONS);
      assertThat(open.count(EngineCounter.ERRORS)).isZero();
    }
  }

  @Test
  void memoryTellsOfWhatWasMade() {
    final Memory before = Memory.inUse();
    final Thing[] things = new Thing[1_000];
    for (int i = 0; i < things.length; i++) {
      things[i] = new Thing(i);
    }
    final Memory after = Memory.inUse();
    assertThat(after.heap()).isPositive();
    assertThat(after.classesSince(before).get(Thing.class.getName())).isBetween(16_000L, 24_000L);
    assertThat(things[999].number()).isEqualTo(999);
  }

  private record Thing(long number) {}
}
