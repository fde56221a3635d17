package org.millrace.engine.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;
import org.millrace.engine.EngineContext;
import org.millrace.engine.conversation.PeerStream.Fault;
import org.millrace.engine.conversation.PeerStream.Kind;
import org.millrace.engine.conversation.PeerStream.Mutation;
import org.millrace.engine.conversation.PeerStream.Part;
import org.millrace.engine.frame.FrameRules;
import org.millrace.engine.frame.Role;
import org.millrace.engine.harness.TestEngine;
import org.millrace.engine.reference.Event;
import org.millrace.engine.status.EngineCounter;

/** Several peers of one engine, reading and writing in any order, through a ring that gets full. */
class ConversationPropertyTest {
  private static final int ANY = 1 << 20;

  /** What happens next. */
  private enum MoveKind {
    READ,
    REST,
    FILL,
    BLOCK,
    UNBLOCK
  }

  /**
   * @param peer to which it happens, modulo.
   * @param length of a read.
   */
  private record Move(MoveKind kind, int peer, int length) {}

  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
  void makesOfAnyConversationWhatTheReferenceDoes(
      @ForAll("peers") List<PeerStream> streams, @ForAll("moves") List<Move> moves) {
    try (TestEngine engine =
        new TestEngine(
            new EngineContext()
                .ringCapacity(RingFiller.RING_CAPACITY)
                .recordsPerCycle(RingFiller.FEW_RECORDS)
                .maxConnections(16)
                .errorLogLength(4096))) {
      final RingFiller filler = new RingFiller(engine.engine());
      final List<PeerDriver> peers =
          streams.stream().map(stream -> new PeerDriver(engine, stream)).toList();
      for (Move move : moves) {
        final PeerDriver peer = peers.get(move.peer() % peers.size());
        switch (move.kind()) {
          case READ -> peer.read(move.length());
          case FILL -> filler.fill();
          case BLOCK -> peer.block();
          case UNBLOCK -> peer.unblock();
          case REST -> rest(engine, peers);
        }
      }
      finish(engine, peers);
      collect(streams, peers);
      assertThat(engine.engine().counter(EngineCounter.POOLED_BYTES_IN_USE)).isZero();
    }
  }

  private static void rest(TestEngine engine, List<PeerDriver> peers) {
    engine.step();
    peers.forEach(PeerDriver::checkAtRest);
  }

  private static void finish(TestEngine engine, List<PeerDriver> peers) {
    rest(engine, peers);
    for (PeerDriver peer : peers) {
      while (!peer.isAtEnd()) {
        peer.read(ANY);
        rest(engine, peers);
      }
      peer.unblock();
      rest(engine, peers);
      peer.checkWritten();
      peer.endOfInput();
    }
    rest(engine, peers);
    peers.forEach(PeerDriver::checkClosed);
  }

  /** A generator that has gone stale would prove nothing and still be green. */
  private static void collect(List<PeerStream> streams, List<PeerDriver> peers) {
    collect("stalled", peers.stream().anyMatch(peer -> peer.stalls() > 0));
    collect("failed", any(streams, Event.Failed.class));
    collect("closed", any(streams, Event.Close.class));
    collect("pinged", any(streams, Event.Ping.class));
  }

  private static void collect(String label, boolean happened) {
    Statistics.label(label).collect(happened);
    Statistics.label(label)
        .coverage(
            seen -> {
              seen.check(true).percentage(p -> p > 15);
              seen.check(false).percentage(p -> p > 2);
            });
  }

  private static boolean any(List<PeerStream> streams, Class<? extends Event> kind) {
    return streams.stream()
        .flatMap(stream -> stream.decided().stream())
        .anyMatch(decided -> kind.isInstance(decided.event()));
  }

  @Provide
  Arbitrary<List<PeerStream>> peers() {
    return Combinators.combine(rules(), parts().list().ofMinSize(1).ofMaxSize(8), mutations())
        .as(PeerStream::of)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  @Provide
  Arbitrary<List<Move>> moves() {
    final Arbitrary<Integer> lengths =
        Arbitraries.oneOf(
            Arbitraries.integers().between(1, 20),
            Arbitraries.integers().between(1, 2000),
            Arbitraries.integers().between(1, 70_000));
    final Arbitrary<MoveKind> kinds =
        Arbitraries.frequency(
            Tuple.of(12, MoveKind.READ),
            Tuple.of(5, MoveKind.REST),
            Tuple.of(1, MoveKind.FILL),
            Tuple.of(1, MoveKind.BLOCK),
            Tuple.of(1, MoveKind.UNBLOCK));
    return Combinators.combine(kinds, numbers(), lengths).as(Move::new).list().ofMaxSize(60);
  }

  private static Arbitrary<FrameRules> rules() {
    return Combinators.combine(
            Arbitraries.of(Role.class),
            Arbitraries.frequency(Tuple.of(1, 125), Tuple.of(1, 1000), Tuple.of(4, 65_536)),
            Arbitraries.frequency(Tuple.of(1, 3), Tuple.of(5, 1024)),
            Arbitraries.of(true, false))
        .as(FrameRules::new);
  }

  private static Arbitrary<Part> parts() {
    final Arbitrary<Kind> kinds =
        Arbitraries.frequency(
            Tuple.of(8, Kind.TEXT),
            Tuple.of(8, Kind.BINARY),
            Tuple.of(8, Kind.PING),
            Tuple.of(3, Kind.PONG),
            Tuple.of(2, Kind.CLOSE),
            Tuple.of(1, Kind.EMPTY_CLOSE),
            Tuple.of(1, Kind.BAD_TEXT));
    final Arbitrary<Integer> sizes =
        Arbitraries.frequencyOf(
            Tuple.of(8, Arbitraries.integers().between(0, 200)),
            Tuple.of(2, Arbitraries.of(0, 124, 125, 126, 127)),
            Tuple.of(2, Arbitraries.integers().between(1000, 20_000)),
            Tuple.of(1, Arbitraries.of(65_535, 65_536, 65_537)));
    return Combinators.combine(kinds, sizes, Arbitraries.integers().between(1, 4), numbers())
        .as(Part::new);
  }

  private static Arbitrary<Mutation> mutations() {
    final Arbitrary<Fault> faults =
        Arbitraries.frequencyOf(
            Tuple.of(1, Arbitraries.just(Fault.NONE)), Tuple.of(1, Arbitraries.of(Fault.class)));
    return Combinators.combine(faults, numbers(), numbers()).as(Mutation::new);
  }

  private static Arbitrary<Integer> numbers() {
    return Arbitraries.integers().between(0, ANY);
  }
}
