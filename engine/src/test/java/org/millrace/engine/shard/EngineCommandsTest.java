package org.millrace.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.millrace.engine.harness.Frames.text;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.KeepAliveMechanism;
import org.millrace.engine.harness.ActingHandler;
import org.millrace.engine.harness.CheckedEngine;
import org.millrace.engine.harness.Peer;

/** Looking at connections, and acting on them, from outside their shard. */
class EngineCommandsTest {
  private static void nothing(Connection connection) {}

  private static ConnectionContext context() {
    return new ConnectionContext().keepAliveMechanism(KeepAliveMechanism.NONE).conclude();
  }

  private static CheckedEngine engine(int connections) {
    return new CheckedEngine(CheckedEngine.small().maxConnections(connections));
  }

  private static List<Peer> open(CheckedEngine engine, int count) {
    final List<Peer> peers = new ArrayList<>();
    final ConnectionContext context = context();
    for (int i = 0; i < count; i++) {
      peers.add(engine.open(context));
    }
    return peers;
  }

  private static void end(Peer peer) {
    peer.wire().fail(new IOException("end"));
    peer.closed();
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "10, 3", "10, 10", "10, 11", "700, 300", "700, 2147483647"})
  void showsEveryConnectionOnceAPartAtATime(int connections, int slots) {
    try (CheckedEngine engine = engine(1_000)) {
      final List<Long> ids = open(engine, connections).stream().map(Peer::id).toList();
      final List<Long> seen = new ArrayList<>();
      int slot = 0;
      while (slot >= 0) {
        final CompletableFuture<Integer> next =
            engine.engine().visit(0, slot, slots, connection -> seen.add(connection.id()));
        engine.step();
        assertThat(next).isCompleted();
        assertThat(seen).hasSize((int) Math.min(connections, (long) slot + slots));
        slot = next.join();
      }
      assertThat(seen).containsExactlyElementsOf(ids);
    }
  }

  @Test
  void passesOverEmptySlots() {
    try (CheckedEngine engine = engine(10)) {
      final List<Peer> peers = open(engine, 6);
      end(peers.get(0));
      end(peers.get(3));
      final List<Connection> seen = new ArrayList<>();
      final CompletableFuture<Integer> next = engine.engine().visit(0, 0, 4, seen::add);
      engine.step();
      assertThat(next.join()).isEqualTo(4);
      assertThat(seen).containsExactly(peers.get(1).connection(), peers.get(2).connection());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 6, 7, 1_000, Integer.MAX_VALUE})
  void whereThereIsNothingTheEndIsReached(int fromSlot) {
    try (CheckedEngine engine = engine(10)) {
      final List<Peer> peers = open(engine, 6);
      peers.forEach(EngineCommandsTest::end);
      final CompletableFuture<Integer> next =
          engine.engine().visit(0, fromSlot, 10, EngineCommandsTest::nothing);
      assertThat(next).isNotDone();
      engine.step();
      assertThat(next.join()).isEqualTo(-1);
    }
  }

  @Test
  void looksIntoABoundedNumberOfSlotsInACycle() {
    try (CheckedEngine engine = engine(1_000)) {
      open(engine, 1_000);
      final List<Connection> seen = new ArrayList<>();
      final List<Connection> after = new ArrayList<>();
      final CompletableFuture<Integer> first = engine.engine().visit(0, 0, 1_000, seen::add);
      final CompletableFuture<Integer> second = engine.engine().visit(0, 0, 100, after::add);
      int cycles = 0;
      for (int before = 0; seen.size() < 1_000; before = seen.size()) {
        assertThat(engine.engine().doWork()).isPositive();
        assertThat(seen.size() + after.size() - before).isPositive().isLessThanOrEqualTo(256);
        cycles++;
      }
      assertThat(cycles).isEqualTo(4);
      assertThat(first).isCompletedWithValue(-1);
      engine.step();
      assertThat(after).hasSize(100);
      assertThat(second).isCompletedWithValue(100);
    }
  }

  @Test
  void badRangesAreRefused() {
    try (CheckedEngine engine = engine(10)) {
      assertThatThrownBy(() -> engine.engine().visit(0, -1, 1, EngineCommandsTest::nothing))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("fromSlot=-1");
      assertThatThrownBy(() -> engine.engine().visit(0, 0, 0, EngineCommandsTest::nothing))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("slots=0");
      assertThatThrownBy(() -> engine.engine().visit(1, 0, 1, EngineCommandsTest::nothing))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void runsAnActionOnTheConnectionWithThatIdOnly() {
    try (CheckedEngine engine = engine(1)) {
      final Peer old = open(engine, 1).get(0);
      final List<Connection> acted = new ArrayList<>();
      final CompletableFuture<Boolean> found = engine.engine().run(old.id(), acted::add);
      assertThat(acted).isEmpty();
      engine.step();
      assertThat(found.join()).isTrue();
      assertThat(acted).containsExactly(old.connection());
      end(old);
      final Peer fresh = open(engine, 1).get(0);
      final CompletableFuture<Boolean> stale = engine.engine().run(old.id(), acted::add);
      engine.step();
      assertThat(stale.join()).isFalse();
      assertThat(acted).hasSize(1);
      fresh.assertOpen();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, -1, 255, 3L << 32, Long.MAX_VALUE, Long.MIN_VALUE})
  void idsThatNobodyGaveNameNobody(long id) {
    try (CheckedEngine engine = engine(10)) {
      open(engine, 1);
      final CompletableFuture<Boolean> found = engine.engine().run(id, EngineCommandsTest::nothing);
      engine.step();
      assertThat(found.join()).isFalse();
    }
  }

  @Test
  void anActionMaySendAndCloseLikeAHandler() {
    try (CheckedEngine engine = engine(10)) {
      final Peer peer = open(engine, 1).get(0);
      final CompletableFuture<Boolean> found =
          engine
              .engine()
              .run(
                  peer.id(),
                  connection -> {
                    connection.ping();
                    connection.close(1000, "enough");
                  });
      assertThat(peer.hears()).hasSize(2).endsWith("CLOSE 1000 enough");
      assertThat(found.join()).isTrue();
    }
  }

  @Test
  void aVisitorMayEndTheConnectionsThatItIsShown() {
    try (CheckedEngine engine = engine(300)) {
      final List<Peer> peers = open(engine, 300);
      peers.forEach(peer -> peer.wire().fault("write", new IllegalStateException("fault")));
      final byte[] message = new byte[70_000]; // over the high mark: written at once
      final CompletableFuture<Integer> next =
          engine
              .engine()
              .visit(
                  0,
                  0,
                  300,
                  connection ->
                      connection.send(
                          Connection.AUTO, new UnsafeBuffer(message), 0, message.length));
      engine.step();
      assertThat(next.join()).isEqualTo(-1);
      assertThat(engine.closed()).hasSize(300);
    }
  }

  @Test
  void whatAnActionThrowsReachesWhoAsked() {
    try (CheckedEngine engine = engine(10)) {
      final List<Peer> peers = open(engine, 3);
      final Consumer<Connection> broken =
          connection -> {
            throw new IllegalStateException("broken");
          };
      final CompletableFuture<Boolean> run = engine.engine().run(peers.get(0).id(), broken);
      final CompletableFuture<Integer> visit = engine.engine().visit(0, 0, 3, broken);
      final CompletableFuture<Boolean> other =
          engine.engine().run(peers.get(1).id(), EngineCommandsTest::nothing);
      engine.step();
      assertThatThrownBy(run::join)
          .isInstanceOf(CompletionException.class)
          .hasRootCauseMessage("broken");
      assertThatThrownBy(visit::join).hasRootCauseMessage("broken");
      assertThat(other.join()).isTrue();
      peers.forEach(Peer::assertOpen);
    }
  }

  @Test
  void aCommandThatIsNotWantedAnyMoreIsNotCarriedOut() {
    try (CheckedEngine engine = engine(1_000)) {
      final List<Peer> peers = open(engine, 600);
      final List<Connection> seen = new ArrayList<>();
      final CompletableFuture<Integer> visit = engine.engine().visit(0, 0, 600, seen::add);
      final CompletableFuture<Boolean> run = engine.engine().run(peers.get(0).id(), seen::add);
      engine.engine().doWork();
      visit.cancel(false);
      run.cancel(false);
      engine.step();
      assertThat(seen).isNotEmpty().hasSizeLessThan(600);
    }
  }

  /** Within a callback buffers of the message are in use: the command comes after it. */
  @Test
  void aCommandGivenWithinACallbackIsCarriedOutAfterIt() {
    try (CheckedEngine engine = engine(10)) {
      final List<String> order = new ArrayList<>();
      final List<CompletableFuture<Boolean>> found = new ArrayList<>();
      final ActingHandler handler = new ActingHandler();
      handler.on(
          "message",
          connection -> {
            found.add(engine.engine().run(connection.id(), again -> order.add("command")));
            order.add("callback");
          });
      engine.open(context(), handler).says(text("a"));
      engine.step();
      assertThat(order).containsExactly("callback", "command");
      assertThat(found.get(0)).isCompletedWithValue(true);
    }
  }

  @Test
  void aStoppedEngineAnswers() {
    try (CheckedEngine engine = engine(10)) {
      final Peer peer = open(engine, 1).get(0);
      end(peer);
      engine.engine().stop();
      engine.step();
      assertThat(engine.engine().isStopped()).isTrue();
      assertThat(engine.engine().visit(0, 0, 10, EngineCommandsTest::nothing))
          .isCompletedWithValue(-1);
      assertThat(engine.engine().run(peer.id(), EngineCommandsTest::nothing))
          .isCompletedWithValue(false);
    }
  }

  @Test
  void whoWaitsWhileTheEngineStopsIsAnswered() {
    try (CheckedEngine engine = engine(1_000)) {
      final List<Peer> peers = open(engine, 600);
      final CompletableFuture<Integer> visit =
          engine.engine().visit(0, 0, 1_000, EngineCommandsTest::nothing);
      final CompletableFuture<Boolean> run =
          engine.engine().run(peers.get(599).id(), EngineCommandsTest::nothing);
      engine.engine().doWork();
      assertThat(visit).isNotDone();
      engine.engine().close();
      assertThat(visit).isCompleted();
      assertThat(run).isCompleted();
    }
  }

  @Test
  void toldTimesAreOnTheEnginesClock() {
    try (CheckedEngine engine = engine(10)) {
      engine.advance(Duration.ofMillis(2_500));
      final Peer peer = open(engine, 1).get(0);
      engine.advance(Duration.ofSeconds(4));
      assertThat(peer.connection().openedNs()).isEqualTo(2_000_000_000L);
      assertThat(peer.connection().lastReceivedNs()).isEqualTo(2_500_000_000L);
      assertThat(engine.engine().nowNs()).isEqualTo(6_500_000_000L);
    }
  }
}
