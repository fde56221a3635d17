package org.millrace.engine.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.SendResult;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.frame.Role;
import org.millrace.engine.harness.RecordingHandler;
import org.millrace.engine.harness.TestEngine;
import org.millrace.engine.harness.TestWire;
import org.millrace.engine.reference.Bytes;
import org.millrace.engine.reference.Event;
import org.millrace.engine.reference.ReferenceEncoder;
import org.millrace.engine.reference.ReferenceUtf8;

/** What is sent is what a peer reads: in order, whole, in frames of minimal form. */
class SendPropertyTest {
  /** More than any of these conversations has waiting. */
  private static final int ROOM = 1 << 24;

  /**
   * A message to send.
   *
   * @param text whether its bytes are valid UTF-8.
   * @param at where it lies in its buffer.
   */
  private record Outgoing(int opcode, boolean text, int size, int seed, int at) {
    private Bytes payload() {
      final byte[] bytes = new byte[size];
      final Random random = new Random(seed);
      for (int i = 0; i < size; i++) {
        bytes[i] = (byte) (text ? 'a' + random.nextInt(26) : random.nextInt(256));
      }
      return Bytes.of(bytes);
    }

    private Event.Message expected() {
      return new Event.Message(
          opcode == Connection.AUTO ? ReferenceUtf8.isValid(payload()) : opcode == Opcode.TEXT,
          payload());
    }
  }

  /** What happens while messages are sent, in turns. */
  private enum Turn {
    SEND,
    SEND_FROM_OUTSIDE,
    REST,
    BLOCK,
    UNBLOCK
  }

  /** Sends the next message whenever one arrives. */
  private static final class Sender extends RecordingHandler {
    private final List<Outgoing> waiting;
    private final List<Event> sent = new ArrayList<>();

    private Sender(List<Outgoing> messages) {
      waiting = new ArrayList<>(messages);
    }

    @Override
    public void onMessage(
        Connection from, int opcode, DirectBuffer buffer, int offset, int length) {
      if (!waiting.isEmpty()) {
        final Outgoing next = waiting.remove(0);
        final UnsafeBuffer message = new UnsafeBuffer(new byte[next.at() + next.size() + 1]);
        message.putBytes(next.at(), next.payload().toArray());
        final int result = from.send(next.opcode(), message, next.at(), next.size());
        assertThat(SendResult.isAccepted(result)).isTrue();
        message.setMemory(0, message.capacity(), (byte) 0x55); // memory rule 2: it is ours again
        sent.add(next.expected());
      }
    }
  }

  @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
  void sendsWhatAPeerReads(
      @ForAll Role role,
      @ForAll("outgoing") List<Outgoing> messages,
      @ForAll("turns") List<Turn> turns) {
    final Sender sender = new Sender(messages);
    final Bytes trigger = ReferenceEncoder.frame(Opcode.BINARY, Bytes.EMPTY).encode();
    final Bytes maskedTrigger =
        ReferenceEncoder.frame(Opcode.BINARY, Bytes.EMPTY).masked().encode();
    final byte[] read = (role == Role.SERVER ? maskedTrigger : trigger).toArray();
    try (TestEngine engine = new TestEngine()) {
      final TestWire wire =
          engine.open(new ConnectionContext().role(role).sendQueueHardLimit(ROOM), sender);
      for (Turn turn : turns) {
        switch (turn) {
          case SEND -> wire.deliver(read);
          case SEND_FROM_OUTSIDE -> sendFromOutside(engine, sender);
          case REST -> engine.step();
          case BLOCK -> wire.block();
          case UNBLOCK -> unblock(wire);
        }
      }
      engine.step();
      unblock(wire);
      engine.step();
      assertThat(PeerDriver.written(role, Bytes.of(wire.written()))).isEqualTo(sender.sent);
      assertThat(sender.connection().queuedBytes()).isZero();
    }
  }

  /** Once the ring is empty, so that the order is known. */
  private static void sendFromOutside(TestEngine engine, Sender sender) {
    engine.step();
    if (!sender.waiting.isEmpty()) {
      final Outgoing next = sender.waiting.remove(0);
      final int result = engine.send(sender.connection(), next.opcode(), next.payload().toArray());
      assertThat(SendResult.isAccepted(result)).isTrue(); // congested or not
      sender.sent.add(next.expected());
    }
  }

  private static void unblock(TestWire wire) {
    wire.unblock();
    if (wire.isWriting()) {
      wire.completeWrite();
    }
  }

  @Provide
  Arbitrary<List<Outgoing>> outgoing() {
    final Arbitrary<Integer> sizes =
        Arbitraries.frequencyOf(
            Tuple.of(3, Arbitraries.of(0, 1, 124, 125, 126, 127)),
            Tuple.of(2, Arbitraries.of(65_534, 65_535, 65_536, 65_537)),
            Tuple.of(3, Arbitraries.integers().between(0, 2000)));
    final Arbitrary<Boolean> texts = Arbitraries.of(true, false);
    final Arbitrary<Integer> numbers = Arbitraries.integers().between(0, 1 << 20);
    final Arbitrary<Outgoing> any =
        Combinators.combine(
                Arbitraries.of(Opcode.TEXT, Opcode.BINARY, Connection.AUTO), texts, sizes, numbers)
            .as(
                (opcode, text, size, number) ->
                    new Outgoing(opcode, text || opcode == Opcode.TEXT, size, number, number % 9));
    return any.list().ofMinSize(1).ofMaxSize(12);
  }

  @Provide
  Arbitrary<List<Turn>> turns() {
    return Arbitraries.frequency(
            Tuple.of(8, Turn.SEND),
            Tuple.of(2, Turn.SEND_FROM_OUTSIDE),
            Tuple.of(4, Turn.REST),
            Tuple.of(1, Turn.BLOCK),
            Tuple.of(1, Turn.UNBLOCK))
        .list()
        .ofMinSize(1)
        .ofMaxSize(50);
  }
}
