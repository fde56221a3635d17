package org.millrace.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.millrace.engine.harness.Frames.text;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.engine.Engine;
import org.millrace.engine.EngineContext;
import org.millrace.engine.ThreadingMode;
import org.millrace.engine.connection.ConfigurationException;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.KeepAliveMechanism;
import org.millrace.engine.harness.CheckedEngine;
import org.millrace.engine.harness.Frames;
import org.millrace.engine.harness.ManualClock;
import org.millrace.engine.harness.Peer;
import org.millrace.engine.harness.RecordingHandler;
import org.millrace.engine.harness.TestEngine;
import org.millrace.engine.harness.TestWire;
import org.millrace.engine.status.EngineCounter;

/** How many connections an engine takes, over how many shards, and what an empty one costs. */
class EngineCapacityTest {
  private static ConnectionContext context() {
    return new ConnectionContext().keepAliveMechanism(KeepAliveMechanism.NONE).conclude();
  }

  @Test
  void refusesWhenItIsFullAndCallsNothing() {
    try (CheckedEngine engine = new CheckedEngine(CheckedEngine.small().maxConnections(2))) {
      final ConnectionContext context = context();
      final Peer first = engine.open(context);
      engine.open(context);
      final TestWire refused = new TestWire();
      final RecordingHandler handler = new RecordingHandler();
      assertThat(engine.engine().open(context, refused, handler)).isFalse();
      engine.step();
      assertThat(refused.inbound()).as("attached").isNull();
      assertThat(handler.calls()).isEmpty();
      assertThat(engine.counter(EngineCounter.REFUSED_CONNECTIONS)).isOne();
      first.wire().fail(new IOException("gone"));
      first.closed();
      engine.open(context).assertOpen();
      assertThat(engine.engine().open(context, refused, handler)).isFalse();
      assertThat(engine.counter(EngineCounter.REFUSED_CONNECTIONS)).isEqualTo(2);
      assertThat(engine.counter(EngineCounter.MAX_CONCURRENT_CONNECTIONS)).isEqualTo(2);
    }
  }

  /** A slot is not free before the closed event has been given, and is right after it. */
  @Test
  void aPlaceIsTakenFromOpenToClosed() {
    try (CheckedEngine engine = new CheckedEngine(CheckedEngine.small().maxConnections(1))) {
      final ConnectionContext context = context();
      final Peer peer = engine.open(context);
      peer.wire().fail(new IOException("gone"));
      assertThat(engine.engine().open(context, new TestWire(), new RecordingHandler())).isFalse();
      peer.closed();
      engine.open(context).assertOpen();
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 7", "2, 7", "4, 10", "4, 4", "5, 9", "3, 100"})
  void takesAsManyAsItSaysOverAllShards(int shards, int maxConnections) {
    try (Engine engine = launch(shards, maxConnections)) {
      final ConnectionContext context = context();
      int open = 0;
      while (engine.open(context, new TestWire(), new RecordingHandler())) {
        open++;
        step(engine);
      }
      assertThat(open).isEqualTo(maxConnections);
      assertThat(engine.counter(EngineCounter.CURRENT_CONNECTIONS)).isEqualTo(maxConnections);
    }
  }

  @Test
  void connectionsAreSpreadOverShards() {
    try (Engine engine = launch(4, 400)) {
      final ConnectionContext context = context();
      final Map<Integer, Integer> perShard = new HashMap<>();
      final List<TestWire> wires = new ArrayList<>();
      final List<RecordingHandler> handlers = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        final TestWire wire = new TestWire();
        final RecordingHandler handler = new RecordingHandler();
        assertThat(engine.open(context, wire, handler)).isTrue();
        step(engine);
        perShard.merge(ConnectionId.shard(handler.connection().id()), 1, Integer::sum);
        wires.add(wire);
        handlers.add(handler);
      }
      assertThat(perShard).hasSize(4).containsValues(25);
      wires.forEach(wire -> wire.deliver(text("hello").masked().encode().toArray()));
      step(engine);
      assertThat(handlers).allMatch(handler -> handler.messages().size() == 1);
      assertThat(engine.counter(EngineCounter.RECEIVED_MESSAGES)).isEqualTo(100);
      assertThat(engine.counter(EngineCounter.MAX_CONCURRENT_CONNECTIONS)).isEqualTo(100);
      engine.stop();
      step(engine);
      assertThat(engine.isStopped()).isFalse();
      wires.forEach(TestWire::endOfInput);
      step(engine);
      assertThat(engine.isStopped()).isTrue();
      handlers.forEach(RecordingHandler::closedOnce);
    }
  }

  @Test
  void aFullShardPassesTheConnectionOnToTheNext() {
    try (Engine engine = launch(2, 4)) {
      final ConnectionContext context = context();
      final List<TestWire> wires = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        wires.add(new TestWire());
        assertThat(engine.open(context, wires.get(i), new RecordingHandler())).isTrue();
      }
      step(engine);
      // Both places of the first shard become free, whichever shard is next in turn.
      wires.get(0).endOfInput();
      wires.get(2).endOfInput();
      step(engine);
      assertThat(engine.open(context, new TestWire(), new RecordingHandler())).isTrue();
      assertThat(engine.open(context, new TestWire(), new RecordingHandler())).isTrue();
      assertThat(engine.open(context, new TestWire(), new RecordingHandler())).isFalse();
    }
  }

  @Test
  void rulesThatDoNotFitTheEnginesMemoryAreRefusedByName() {
    try (Engine engine =
        Engine.launch(
            CheckedEngine.small()
                .threadingMode(ThreadingMode.INVOKER)
                .shards(1)
                .bufferMemoryLimit(200_000)
                .bufferMemoryRetained(0))) {
      final ConnectionContext messages =
          new ConnectionContext()
              .maxMessageSize(1_000_000)
              .sendQueueHardLimit(1_000)
              .sendQueueHighMark(1_000)
              .conclude();
      assertThatThrownBy(() -> engine.open(messages, new TestWire(), new RecordingHandler()))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("maxMessageSize=1000000")
          .hasMessageContaining("bufferMemoryLimit");
      final ConnectionContext queue =
          new ConnectionContext().maxMessageSize(1_000).sendQueueHardLimit(1_000_000).conclude();
      assertThatThrownBy(() -> engine.open(queue, new TestWire(), new RecordingHandler()))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("sendQueueHardLimit=1000000");
      assertThatThrownBy(
              () -> engine.open(new ConnectionContext(), new TestWire(), new RecordingHandler()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("concluded");
    }
  }

  @Test
  void buffersBeyondWhatIsRetainedAreGivenUp() {
    try (CheckedEngine engine =
        new CheckedEngine(CheckedEngine.small().bufferMemoryRetained(100_000))) {
      final ConnectionContext context = context();
      final List<Peer> peers = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        final Peer peer = engine.open(context);
        peer.wire().block();
        peer.send(new byte[20_000]);
        peers.add(peer);
      }
      engine.step();
      assertThat(engine.counter(EngineCounter.POOLED_BYTES_IN_USE)).isEqualTo(20 * 32_768);
      peers.forEach(peer -> peer.wire().completeWrite());
      engine.step();
      assertThat(engine.counter(EngineCounter.POOLED_BYTES_IN_USE)).isZero();
      assertThat(engine.counter(EngineCounter.POOLED_BYTES)).isBetween(1L, 100_000L);
    }
  }

  /** A shard that parks does not poll its timers: it has a lot of time to catch up with. */
  @Test
  void theFirstConnectionAfterADayIsServedAtOnce() {
    try (TestEngine engine = new TestEngine(CheckedEngine.small())) {
      engine.clock().advance(Duration.ofDays(1));
      final TestWire wire = new TestWire();
      final RecordingHandler handler = new RecordingHandler();
      engine.engine().open(new ConnectionContext().conclude(), wire, handler);
      int cycles = 0;
      while (engine.engine().doWork() > 0) {
        assertThat(++cycles).as("cycles until the shard rests").isLessThan(1_000);
      }
      engine.advance(Duration.ofSeconds(31));
      assertThat(Frames.describe(wire.takeWritten(), false)).hasSize(1);
    }
  }

  @Test
  void doWorkIsForTheInvokerOnly() {
    try (Engine engine =
        Engine.launch(CheckedEngine.small().threadingMode(ThreadingMode.DEDICATED).shards(1))) {
      assertThatThrownBy(engine::doWork).isInstanceOf(IllegalStateException.class);
    }
  }

  /** On a clock that stands still: no time-out ends what a test has yet to end. */
  private static Engine launch(int shards, int maxConnections) {
    final EngineContext context =
        CheckedEngine.small()
            .threadingMode(ThreadingMode.INVOKER)
            .shards(shards)
            .maxConnections(maxConnections)
            .nanoClock(new ManualClock());
    return Engine.launch(context);
  }

  private static void step(Engine engine) {
    while (engine.doWork() > 0) {
      // until nothing is left
    }
  }
}
