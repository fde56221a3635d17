package org.millrace.jetty.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.engine.Engine;
import org.millrace.engine.EngineContext;
import org.millrace.engine.ThreadingMode;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.KeepAliveMechanism;
import org.millrace.jetty.config.DrainConfig;

/** Emptying an edge. The grace is five seconds, the closes take ten, the whole thirty. */
class DrainTest {
  private static final String GOING_AWAY = "880203e9";
  private static final int TICK_MS = 5;

  private final ManualTimer timer = new ManualTimer();
  private final PlainSwitch admission = new PlainSwitch();
  private final Engine engine =
      Engine.launch(
          new EngineContext()
              .threadingMode(ThreadingMode.INVOKER)
              .shards(3)
              .nanoClock(timer)
              .maxConnections(6_000)
              .ringCapacity(1 << 18));
  private final Drain drain =
      new Drain(
          engine,
          admission,
          new DrainConfig(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(30)),
          timer,
          new SplittableRandom(1));
  private final List<MemoryWire> wires = new ArrayList<>();
  private final List<MemoryWire> unanswered = new ArrayList<>();

  @AfterEach
  void stop() {
    engine.close();
    assertThat(engine.errorLog().observations()).isZero();
  }

  private void open(int count) {
    final ConnectionContext context =
        new ConnectionContext()
            .keepAliveMechanism(KeepAliveMechanism.NONE)
            .closeTimeout(Duration.ofMinutes(1))
            .conclude();
    for (int i = 0; i < count; i++) {
      final MemoryWire wire = new MemoryWire("192.0.2.1", 5_000);
      assertThat(engine.open(context, wire, (connection, op, buffer, offset, length) -> {}))
          .isTrue();
      wires.add(wire);
    }
    rest();
  }

  private void rest() {
    while (engine.doWork() > 0 || timer.runOne()) {
      // until nothing is left to be done now
    }
  }

  private void advance(long millis) {
    for (long left = millis; left > 0; left -= TICK_MS) {
      timer.pause(TimeUnit.MILLISECONDS.toNanos(TICK_MS));
      rest();
    }
  }

  /** Connections that have been told to go. */
  private long told() {
    return wires.stream().filter(wire -> !wire.writtenHex().isEmpty()).count();
  }

  /** Every peer that has been told answers and goes, but for some. */
  private void peersGo() {
    for (final MemoryWire wire : wires) {
      if (wire.writtenHex().equals(GOING_AWAY) && !wire.isClosed() && !unanswered.contains(wire)) {
        wire.endOfInput();
      }
    }
    rest();
  }

  @Test
  void nothingIsClosedWithinTheGrace() {
    open(10);
    final CompletableFuture<Drain.Outcome> outcome = drain.drain();
    assertThat(admission.isReady()).isFalse();
    assertThat(admission.isDraining()).isTrue();
    advance(4_990);
    assertThat(told()).isZero();
    assertThat(outcome).isNotDone();
    assertThat(drain.status()).isEqualTo(new Drain.Status(Drain.Phase.GRACE, 10, 0));
  }

  @ParameterizedTest
  @CsvSource({"10", "1000", "6000"})
  void closesAreSpreadEvenlyAndInRandomOrder(int connections) {
    open(connections);
    final CompletableFuture<Drain.Outcome> outcome = drain.drain();
    advance(5_000);
    final List<Integer> order = new ArrayList<>();
    for (int second = 0; second < 10; second++) {
      final long before = told();
      advance(1_000);
      assertThat((double) (told() - before) * 10 / connections)
          .as("second " + second)
          .isBetween(connections < 100 ? 0.0 : 0.9, connections < 100 ? 2.0 : 1.1);
      noteNew(order);
    }
    advance(20);
    noteNew(order);
    assertThat(order).hasSize(connections);
    assertThat(wires).allMatch(wire -> wire.writtenHex().equals(GOING_AWAY));
    if (connections >= 1_000) {
      // Of those told in the first second about a tenth are of the first tenth opened.
      final long early =
          order.subList(0, connections / 10).stream().filter(i -> i < connections / 10).count();
      assertThat((double) early * 100 / connections).isBetween(0.4, 2.0);
    }
    peersGo();
    advance(200);
    assertThat(outcome).isCompletedWithValue(Drain.Outcome.EMPTY);
    assertThat(drain.status()).isEqualTo(new Drain.Status(Drain.Phase.DONE, 0, 0));
  }

  private void noteNew(List<Integer> order) {
    for (int i = 0; i < wires.size(); i++) {
      if (!wires.get(i).writtenHex().isEmpty() && !order.contains(i)) {
        order.add(i);
      }
    }
  }

  @Test
  void noInstantIsABurst() {
    open(2_000);
    drainAndForget();
    advance(5_000);
    long before = told();
    for (int i = 0; i < 10_000 / TICK_MS; i++) {
      advance(TICK_MS);
      final long now = told();
      assertThat(now - before).as("told within 5 ms").isLessThanOrEqualTo(4);
      before = now;
    }
    advance(20);
    assertThat(told()).isEqualTo(2_000);
  }

  /** Whoever comes to it late makes up for it no more than twice as fast. */
  @Test
  void aPauseOfTheMachineIsNotFollowedByABurst() {
    open(1_000);
    drainAndForget();
    advance(7_000);
    final long before = told();
    timer.pause(TimeUnit.SECONDS.toNanos(4));
    for (int i = 0; i < 100; i++) {
      advance(10);
    }
    assertThat(told() - before).isBetween(150L, 210L);
    advance(10_000);
    assertThat(told()).isEqualTo(1_000);
  }

  @Test
  void anEdgeWithoutConnectionsIsEmptyAfterTheGrace() {
    final CompletableFuture<Drain.Outcome> outcome = drain.drain();
    advance(4_990);
    assertThat(outcome).isNotDone();
    advance(30);
    assertThat(outcome).isCompletedWithValue(Drain.Outcome.EMPTY);
  }

  @Test
  void beginningAgainChangesNothing() {
    open(10);
    final CompletableFuture<Drain.Outcome> first = drain.drain();
    advance(4_000);
    final CompletableFuture<Drain.Outcome> second = drain.drain();
    advance(11_500);
    assertThat(told()).isEqualTo(10);
    peersGo();
    advance(200);
    assertThat(first).isCompletedWithValue(Drain.Outcome.EMPTY);
    assertThat(second).isCompletedWithValue(Drain.Outcome.EMPTY);
    assertThat(drain.drain()).isCompletedWithValue(Drain.Outcome.EMPTY);
  }

  @Test
  void withinTheGraceItCanBeTakenBackAndBegunAnew() {
    open(10);
    final CompletableFuture<Drain.Outcome> outcome = drain.drain();
    advance(4_000);
    assertThat(drain.undrain()).isTrue();
    rest();
    assertThat(outcome).isCompletedWithValue(Drain.Outcome.UNDRAINED);
    assertThat(admission.isReady()).isTrue();
    advance(60_000);
    assertThat(told()).isZero();
    final CompletableFuture<Drain.Outcome> again = drain.drain();
    assertThat(admission.isReady()).isFalse();
    advance(4_990);
    assertThat(told()).isZero();
    advance(10_050);
    assertThat(told()).isEqualTo(10);
    assertThat(again).isNotDone();
  }

  @Test
  void onceTheClosesHaveBegunItGoesOn() {
    open(10);
    drainAndForget();
    advance(7_000);
    assertThat(drain.undrain()).isFalse();
    assertThat(admission.isReady()).isFalse();
    advance(8_050);
    assertThat(told()).isEqualTo(10);
    assertThat(drain.undrain()).isFalse();
    peersGo();
    advance(200);
    assertThat(drain.undrain()).as("nothing is left to be taken back").isTrue();
    assertThat(admission.isReady()).isTrue();
  }

  @Test
  void whoDoesNotGoIsNotWaitedForLongerThanTheTimeout() {
    open(10);
    unanswered.add(wires.get(3));
    final CompletableFuture<Drain.Outcome> outcome = drain.drain();
    advance(15_050);
    peersGo();
    advance(14_900);
    assertThat(outcome).isNotDone();
    assertThat(drain.status()).isEqualTo(new Drain.Status(Drain.Phase.WAITING, 1, 0));
    advance(100);
    assertThat(outcome).isCompletedWithValue(Drain.Outcome.TIMED_OUT);
    assertThat(drain.status().connections()).isOne();
  }

  /** A handshake that was let in just before. */
  @Test
  void whoComesLateIsClosedAsWell() {
    open(10);
    final CompletableFuture<Drain.Outcome> outcome = drain.drain();
    advance(7_000);
    open(5);
    advance(8_050);
    assertThat(told()).isBetween(10L, 15L);
    advance(2_000);
    assertThat(told()).isEqualTo(15);
    peersGo();
    advance(1_200);
    assertThat(outcome).isCompletedWithValue(Drain.Outcome.EMPTY);
  }

  @Test
  void anEngineThatStopsMeanwhileIsEmpty() {
    open(10);
    final CompletableFuture<Drain.Outcome> outcome = drain.drain();
    advance(4_000);
    engine.close();
    advance(1_500);
    assertThat(outcome).isCompletedWithValue(Drain.Outcome.EMPTY);
  }

  private void drainAndForget() {
    assertThat(drain.drain()).isNotDone();
  }
}
