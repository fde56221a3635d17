package org.millrace.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.harness.Frames.ping;
import static org.millrace.engine.harness.Frames.text;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.KeepAliveMechanism;
import org.millrace.engine.frame.Violation;
import org.millrace.engine.harness.ActingHandler;
import org.millrace.engine.harness.CheckedEngine;
import org.millrace.engine.harness.Peer;

/** Deadlines of a shard that has more to do than it can, or comes to its work too seldom. */
class OverloadTest {
  private static ConnectionContext context() {
    return new ConnectionContext().keepAliveMechanism(KeepAliveMechanism.NONE);
  }

  /** A handler that takes long must not make dead peers live for ever. */
  @Test
  void deadPeersAreFoundThoughEveryCycleTakesLong() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer silent = engine.open(new ConnectionContext());
      final Peer busy =
          engine.open(
              context(),
              new ActingHandler()
                  .on("message", c -> engine.stepped().clock().advance(Duration.ofMillis(60))));
      for (int i = 0; i < 1_200; i++) { // 72 seconds
        busy.says(text("work"));
        engine.engine().doWork();
      }
      assertThat(silent.closed().violation()).isEqualTo(Violation.PEER_DEAD);
    }
  }

  @Test
  void deadPeersAreFoundThoughThereIsAlwaysABacklog() {
    try (CheckedEngine engine = new CheckedEngine(CheckedEngine.small().recordsPerCycle(1))) {
      final Peer silent = engine.open(new ConnectionContext());
      final Peer busy = engine.open(context());
      busy.says(text("never an empty ring"));
      for (int i = 0; i < 14_000; i++) { // 70 seconds
        busy.says(text("work"));
        engine.stepped().clock().advance(Duration.ofMillis(5));
        engine.engine().doWork();
      }
      assertThat(silent.handler().closedOnce().violation()).isEqualTo(Violation.PEER_DEAD);
    }
  }

  /** Both at once, and whichever cycle of two it is that counts as the one after a pause. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void deadPeersAreFoundThoughThereIsAlwaysABacklogAndEveryCycleTakesLong(int quickCycles) {
    try (CheckedEngine engine = new CheckedEngine(CheckedEngine.small().recordsPerCycle(1))) {
      final Peer silent = engine.open(new ConnectionContext());
      final Peer busy = engine.open(context());
      busy.says(text("never an empty ring"));
      for (int i = 0; i < 1_400; i++) { // 84 seconds
        busy.says(text("work"));
        engine.stepped().clock().advance(Duration.ofMillis(i < quickCycles ? 1 : 60));
        engine.engine().doWork();
      }
      assertThat(silent.handler().closedOnce().violation()).isEqualTo(Violation.PEER_DEAD);
    }
  }

  @Test
  void deadPeersAreFoundByAnInvokerThatComesSeldom() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer silent = engine.open(new ConnectionContext());
      for (int i = 0; i < 700; i++) { // 70 seconds
        engine.stepped().clock().advance(Duration.ofMillis(100));
        engine.engine().doWork();
      }
      assertThat(silent.handler().closedOnce().violation()).isEqualTo(Violation.PEER_DEAD);
    }
  }

  /** The bytes that prove life are there, only nobody has looked. */
  @Test
  void nobodyIsDeadWhoseBytesWaitInTheRing() {
    try (CheckedEngine engine = new CheckedEngine(CheckedEngine.small().recordsPerCycle(2))) {
      final ConnectionContext context = new ConnectionContext().conclude();
      final List<Peer> peers = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        peers.add(engine.open(context));
      }
      engine.advanceMillis(31_000);
      peers.forEach(peer -> assertThat(peer.hears()).hasSize(1));
      peers.forEach(peer -> peer.says(ping("alive")));
      engine.stepped().clock().advance(Duration.ofSeconds(60));
      engine.step();
      peers.forEach(Peer::assertOpen);
    }
  }

  /** Nor is a message late whose rest has been there all the time. */
  @Test
  void noMessageIsLateWhoseBytesWaitInTheRing() {
    try (CheckedEngine engine = new CheckedEngine(CheckedEngine.small().recordsPerCycle(2))) {
      final ConnectionContext context = context().conclude();
      final List<Peer> peers = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        peers.add(engine.open(context));
      }
      final byte[] frame = peers.get(0).bytes(text("in two reads"));
      peers.forEach(peer -> peer.wire().deliver(frame, 0, 8));
      engine.step();
      peers.forEach(peer -> peer.wire().deliver(frame, 8, frame.length - 8));
      engine.stepped().clock().advance(Duration.ofSeconds(20));
      engine.step();
      peers.forEach(peer -> assertThat(peer.handler().messages()).hasSize(1));
      peers.forEach(Peer::assertOpen);
    }
  }
}
