package org.millrace.engine;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.Inbound;
import org.millrace.engine.connection.MessageHandler;
import org.millrace.engine.connection.Wire;
import org.millrace.engine.harness.Await;
import org.millrace.engine.harness.CheckedEngine;
import org.millrace.engine.harness.Frames;
import org.millrace.engine.harness.LiveWire;

/** Engines with threads of their own, and others that come at them from all sides. */
@Timeout(600)
class EngineThreadsTest {
  /** A ring so small that wires stall. */
  private static EngineContext context(int shards) {
    return CheckedEngine.small().shards(shards).ringCapacity(65_536).maxConnections(4_096);
  }

  @Test
  void everythingArrivesOnceAndInOrder() {
    try (LiveTraffic traffic = new LiveTraffic(context(2))) {
      final long stalls = traffic.exchange(3, 4, 5_000);
      assertThat(stalls).isPositive();
    }
  }

  @Test
  void whoeverClosesFirstEveryConnectionClosesOnce() {
    try (LiveTraffic traffic = new LiveTraffic(context(2))) {
      final List<Thread> fighters = new ArrayList<>();
      for (int f = 0; f < 4; f++) {
        final int first = f * 1_000;
        fighters.add(
            traffic.start(
                () -> {
                  for (int i = 0; i < 150; i++) {
                    traffic.fight(first + i);
                  }
                }));
      }
      LiveTraffic.join(fighters);
      traffic.assertNoFailures();
      Await.until("all closed", () -> traffic.closed() == 600);
      assertThat(traffic.opened()).isEqualTo(600);
    }
  }

  /** No timer is armed, so a wake-up that is lost is never made good. */
  @Test
  void everyKindOfWorkWakesAParkedShard() {
    try (LiveTraffic traffic = new LiveTraffic(context(1).idleSpins(0))) {
      final Thread shard = traffic.shardThreads().get(0);
      for (int round = 0; round < 200; round++) {
        final LiveTraffic.Checker checker = traffic.new Checker(round);
        awaitParked(shard);
        final LiveWire wire = traffic.openAndWait(checker);
        awaitParked(shard);
        wire.deliver(LiveTraffic.message(round, 0, 0));
        Await.until("message", () -> checker.received() == 1);
        final int echo = 2 + LiveTraffic.PAYLOAD;
        Await.until("echo", () -> wire.writtenLength() == echo);
        awaitParked(shard);
        traffic.send(checker.id());
        Await.until("sent", () -> wire.writtenLength() == echo + 3);
        awaitParked(shard);
        traffic.engine().close(checker.id(), 1000, "");
        Await.until("close", () -> wire.writtenLength() == echo + 3 + 4);
        awaitParked(shard);
        wire.inbound().endOfInput();
        Await.until("closed", () -> checker.closedEvents() == 1);
      }
      awaitParked(shard);
      traffic.engine().stop();
      Await.until("stopped", () -> traffic.engine().isStopped());
    }
  }

  @Test
  void commandsWakeAParkedShardAndNoneIsLeftUnanswered() throws Exception {
    try (LiveTraffic traffic = new LiveTraffic(context(1).idleSpins(0))) {
      final Thread shard = traffic.shardThreads().get(0);
      final LiveTraffic.Checker checker = traffic.new Checker(0);
      final LiveWire wire = traffic.openAndWait(checker);
      for (int round = 0; round < 200; round++) {
        awaitParked(shard);
        final AtomicReference<Thread> ranOn = new AtomicReference<>();
        final boolean found =
            traffic
                .engine()
                .run(checker.id(), connection -> ranOn.set(Thread.currentThread()))
                .get(60, SECONDS);
        assertThat(found).isTrue();
        assertThat(ranOn).hasValue(shard);
      }
      final AtomicBoolean stopped = new AtomicBoolean();
      final List<Thread> askers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        askers.add(
            traffic.start(
                () -> {
                  while (!stopped.get()) {
                    traffic.engine().visit(0, 0, 8, connection -> {}).orTimeout(60, SECONDS).join();
                  }
                }));
      }
      traffic.engine().stop();
      Await.until("1001", () -> wire.writtenLength() > 0);
      wire.inbound().endOfInput();
      Await.until("stopped", () -> traffic.engine().isStopped());
      stopped.set(true);
      LiveTraffic.join(askers);
      traffic.assertNoFailures();
    }
  }

  /** With a timer armed it parks for a time; either is parked. */
  private static void awaitParked(Thread shard) {
    Await.until(
        "parked",
        () ->
            shard.getState() == Thread.State.WAITING
                || shard.getState() == Thread.State.TIMED_WAITING);
  }

  @Test
  void timersFireOnAParkedShard() {
    final AtomicBoolean pinged = new AtomicBoolean();
    try (Engine engine = Engine.launch(context(1).idleSpins(0))) {
      final var writer = Executors.newSingleThreadExecutor();
      final LiveWire wire = new LiveWire(writer);
      engine.open(
          new ConnectionContext().keepAliveTimeout(Duration.ofMillis(50)).conclude(),
          wire,
          (connection, opcode, buffer, offset, length) -> pinged.set(false));
      Await.until("ping", () -> wire.writtenLength() > 0);
      assertThat(Frames.describe(wire.written(), false).get(0)).startsWith("PING");
      wire.inbound().endOfInput();
      Await.until("closed", wire::isClosed);
      writer.shutdown();
    }
  }

  /** Nothing waits for the stop's time-out, which is longer than this test may take. */
  @Test
  void stopsWhileItIsBusy() {
    final AtomicBoolean stopping = new AtomicBoolean();
    final EngineContext context = context(2).stopTimeout(Duration.ofHours(1));
    try (LiveTraffic traffic = new LiveTraffic(context, Duration.ofMillis(500))) {
      final List<Thread> threads = new ArrayList<>();
      for (int p = 0; p < 3; p++) {
        final int producer = p;
        threads.add(traffic.start(() -> flood(traffic, producer, stopping)));
      }
      Await.until("some traffic", () -> traffic.opened() >= 30);
      stopping.set(true);
      traffic.engine().close();
      assertThat(traffic.engine().isStopped()).isTrue();
      LiveTraffic.join(threads);
      assertThat(traffic.shardThreads()).allMatch(thread -> !thread.isAlive());
    }
  }

  /** Opens and sends until the engine refuses, and answers no Close before that. */
  private static void flood(LiveTraffic traffic, int producer, AtomicBoolean stopping) {
    final List<LiveWire> wires = new ArrayList<>();
    long sequence = 0;
    boolean refused = false;
    while (!refused) {
      if (wires.size() < 40) {
        final LiveWire wire = traffic.open((connection, opcode, buffer, offset, length) -> {});
        refused = wire == null;
        if (wire != null) {
          wires.add(wire);
        }
      }
      for (final LiveWire wire : wires) {
        if (wire.isOpened() && !wire.isStalled() && !wire.isClosed()) {
          wire.deliver(LiveTraffic.message(producer, sequence++, 100));
        }
      }
      refused |= stopping.get() && wires.stream().allMatch(LiveWire::isClosed);
    }
    for (final LiveWire wire : wires) {
      wire.inbound().endOfInput();
    }
  }

  /**
   * The last place that was taken is given back by a thread that is not the shard's, which has to
   * wake it. Whoever waited for the stop's time-out would wait longer than this test may take.
   */
  @Test
  void anOpenThatFailsWhileTheEngineStopsDoesNotHoldItUp() {
    final AtomicReference<Thread> shard = new AtomicReference<>();
    final Engine engine =
        Engine.launch(
            context(1)
                .idleSpins(0)
                .stopTimeout(Duration.ofHours(1))
                .threadFactory(
                    task -> {
                      shard.set(new Thread(task));
                      return shard.get();
                    }));
    final Wire wire =
        (Wire)
            Proxy.newProxyInstance(
                Wire.class.getClassLoader(),
                new Class<?>[] {Wire.class},
                (proxy, method, arguments) -> {
                  engine.stop();
                  // It has no timer: what it parks for now is the end of the stop's time-out.
                  Await.until(
                      "stop begun", () -> shard.get().getState() == Thread.State.TIMED_WAITING);
                  throw new IllegalStateException("attached");
                });
    assertThatThrownBy(
            () ->
                engine.open(
                    new ConnectionContext().conclude(),
                    wire,
                    (connection, opcode, buffer, offset, length) -> {}))
        .hasMessage("attached");
    Await.until("stopped", engine::isStopped);
    engine.close();
  }

  @Test
  void aStoppedEngineTakesNothing() {
    final LiveWire wire;
    try (LiveTraffic traffic = new LiveTraffic(context(1))) {
      wire = traffic.openAndWait((connection, opcode, buffer, offset, length) -> {});
    }
    assertThat(wire.deliver(LiveTraffic.message(0, 0, 0))).isEqualTo(Inbound.CLOSED);
  }

  /** A handler's stray interrupt must not end the thread of everybody else's connections. */
  @Test
  void aHandlerThatInterruptsItsThreadCostsNothing() {
    try (LiveTraffic traffic = new LiveTraffic(context(1))) {
      final LiveWire rude =
          traffic.openAndWait(
              new MessageHandler() {
                @Override
                public void onMessage(
                    Connection connection,
                    int opcode,
                    DirectBuffer buffer,
                    int offset,
                    int length) {
                  Thread.currentThread().interrupt();
                  connection.send(opcode, buffer, offset, length);
                }
              });
      final LiveTraffic.Checker checker = traffic.new Checker(1);
      final LiveWire wire = traffic.openAndWait(checker);
      for (int i = 0; i < 50; i++) {
        final int round = i + 1;
        rude.deliver(LiveTraffic.message(0, i, 0));
        wire.deliver(LiveTraffic.message(1, i, 0));
        Await.until("message", () -> checker.received() == round);
      }
      awaitParked(traffic.shardThreads().get(0));
    }
  }

  /**
   * Nobody should, but a pool that shuts down does: connections must not be left without an owner.
   */
  @Test
  void anInterruptFromOutsideLeavesNoConnectionWithoutItsEnd() {
    try (LiveTraffic traffic = new LiveTraffic(context(1).idleSpins(0))) {
      final LiveTraffic.Checker checker = traffic.new Checker(1);
      final LiveWire wire = traffic.openAndWait(checker);
      final Thread shard = traffic.shardThreads().get(0);
      for (int i = 0; i < 50; i++) {
        final int round = i + 1;
        awaitParked(shard);
        shard.interrupt();
        wire.deliver(LiveTraffic.message(1, i, 0));
        Await.until("message", () -> checker.received() == round);
      }
      assertThat(shard.isAlive()).isTrue();
    }
  }

  @Test
  @Tag("slow")
  void everythingArrivesOnceAndInOrderForLonger() {
    for (int round = 0; round < 6; round++) {
      try (LiveTraffic traffic =
          new LiveTraffic(context(1 + round % 3).recordsPerCycle(1 + round))) {
        traffic.exchange(4, 5, 20_000);
      }
    }
  }

  @Test
  @Tag("slow")
  void whoeverClosesFirstEveryConnectionClosesOnceForLonger() {
    try (LiveTraffic traffic = new LiveTraffic(context(3).recordsPerCycle(3))) {
      final List<Thread> fighters = new ArrayList<>();
      for (int f = 0; f < 6; f++) {
        final int first = f * 100_000;
        fighters.add(
            traffic.start(
                () -> {
                  for (int i = 0; i < 2_000; i++) {
                    traffic.fight(first + i);
                  }
                }));
      }
      LiveTraffic.join(fighters);
      traffic.assertNoFailures();
      Await.until("all closed", () -> traffic.closed() == 12_000);
    }
  }
}
