package org.millrace.engine.connection;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.millrace.engine.connection.Simulation.Action;
import org.millrace.engine.connection.Simulation.Kind;
import org.millrace.engine.harness.CheckedEngine;

/**
 * Anything happens to several connections in any order. {@code TestWire} objects to every call that
 * breaks the rules of a wire, {@link CheckedEngine} to every leak.
 */
class ConnectionModelTest {
  private static final int CONNECTIONS = 3;

  @Provide
  Arbitrary<List<Action>> actions() {
    final Arbitrary<Kind> kinds =
        Arbitraries.frequency(
            Tuple.of(6, Kind.SAY_TEXT),
            Tuple.of(4, Kind.SAY_FRAGMENTS),
            Tuple.of(3, Kind.SAY_PING),
            Tuple.of(2, Kind.SAY_CLOSE),
            Tuple.of(1, Kind.SAY_NONSENSE),
            Tuple.of(1, Kind.ASK_TO_CLOSE),
            Tuple.of(6, Kind.SEND),
            Tuple.of(2, Kind.CLOSE),
            Tuple.of(4, Kind.BLOCK),
            Tuple.of(3, Kind.UNBLOCK),
            Tuple.of(6, Kind.COMPLETE_WRITE),
            Tuple.of(1, Kind.FAIL_WRITE),
            Tuple.of(1, Kind.END_OF_INPUT),
            Tuple.of(1, Kind.RESET),
            Tuple.of(1, Kind.FAULT),
            Tuple.of(2, Kind.FLOOD),
            Tuple.of(8, Kind.CYCLE),
            Tuple.of(6, Kind.STEP),
            Tuple.of(2, Kind.WAIT));
    return Combinators.combine(
            kinds,
            Arbitraries.integers().between(0, CONNECTIONS - 1),
            Arbitraries.integers().between(0, 6_000))
        .as(Action::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(60);
  }

  private static CheckedEngine engine() {
    return new CheckedEngine(
        CheckedEngine.small().maxConnections(8).ringCapacity(65_536).recordsPerCycle(8));
  }

  @Property(tries = 300)
  void everythingThatOpensClosesOnceWhenTransportsDie(@ForAll("actions") List<Action> actions) {
    try (CheckedEngine engine = engine()) {
      final Simulation simulation = new Simulation(engine, CONNECTIONS);
      actions.forEach(simulation::perform);
      simulation.resetAll();
      simulation.check();
    }
  }

  @Property(tries = 200)
  void everythingThatOpensClosesOnceWhenPeersFallSilent(@ForAll("actions") List<Action> actions) {
    try (CheckedEngine engine = engine()) {
      final Simulation simulation = new Simulation(engine, CONNECTIONS);
      actions.forEach(simulation::perform);
      simulation.fallSilent();
      simulation.check();
    }
  }

  @Property(tries = 200)
  void everythingThatOpensClosesOnceWhenTheEngineStops(@ForAll("actions") List<Action> actions) {
    try (CheckedEngine engine = engine()) {
      final Simulation simulation = new Simulation(engine, CONNECTIONS);
      actions.forEach(simulation::perform);
      simulation.stop();
      simulation.check();
    }
  }

  @Property(tries = 20_000)
  @Tag("slow")
  void everythingThatOpensClosesOnceForLonger(
      @ForAll("actions") List<Action> actions, @ForAll @IntRange(max = 2) int ending) {
    try (CheckedEngine engine = engine()) {
      final Simulation simulation = new Simulation(engine, CONNECTIONS);
      actions.forEach(simulation::perform);
      switch (ending) {
        case 0 -> simulation.resetAll();
        case 1 -> simulation.fallSilent();
        default -> simulation.stop();
      }
      simulation.check();
    }
  }
}
