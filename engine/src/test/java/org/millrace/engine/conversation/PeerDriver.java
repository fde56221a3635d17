package org.millrace.engine.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.Inbound;
import org.millrace.engine.frame.FrameRules;
import org.millrace.engine.frame.Role;
import org.millrace.engine.harness.RecordingHandler;
import org.millrace.engine.harness.TestEngine;
import org.millrace.engine.harness.TestWire;
import org.millrace.engine.reference.Bytes;
import org.millrace.engine.reference.Decided;
import org.millrace.engine.reference.Event;
import org.millrace.engine.reference.ReferenceDecoder;

/**
 * One peer of an engine, whose stream it reads piece by piece, and the checks that what the engine
 * makes of it is what the reference does.
 */
final class PeerDriver {
  private final PeerStream stream;
  private final byte[] bytes;
  private final RecordingHandler handler = new RecordingHandler();
  private final TestWire wire;
  private int position;
  private int stalls;
  private boolean everBlocked;

  PeerDriver(TestEngine engine, PeerStream stream) {
    this.stream = stream;
    bytes = stream.bytes().toArray();
    wire = engine.open(context(stream.rules()), handler);
  }

  /** With nothing in the way of a peer that sends byte by byte, pings a lot and does not stop. */
  private static ConnectionContext context(FrameRules rules) {
    return new ConnectionContext()
        .role(rules.role())
        .maxMessageSize(rules.maxMessageSize())
        .maxFramesPerMessage(rules.maxFramesPerMessage())
        .lenientLength(rules.lenientLength())
        .maxReadsPerMessage(Integer.MAX_VALUE)
        .pingRate(1_000_000)
        .pingBurst(1_000_000)
        .lingerBytes(Integer.MAX_VALUE);
  }

  /** Reads up to {@code length} bytes, unless the wire has to wait. */
  void read(int length) {
    final int taken = Math.min(length, bytes.length - position);
    if (taken > 0 && !wire.isStalled()) {
      if (wire.deliver(bytes, position, taken) == Inbound.STALLED) {
        stalls++;
      }
      position += taken;
    }
  }

  boolean isAtEnd() {
    return position == bytes.length;
  }

  boolean isStalled() {
    return wire.isStalled();
  }

  void block() {
    everBlocked = true;
    wire.block();
  }

  void unblock() {
    wire.unblock();
    if (wire.isWriting()) {
      wire.completeWrite();
    }
  }

  void endOfInput() {
    wire.endOfInput();
  }

  int stalls() {
    return stalls;
  }

  /** The engine has come to rest: nothing that was read is left to do. */
  void checkAtRest() {
    assertThat(wire.isStalled()).as("stalled").isFalse();
    assertThat(wire.resumes()).as("resumes").isEqualTo(stalls);
    assertThat(handler.messages()).isEqualTo(Replies.received(stream.decided(), position));
  }

  /** The peer's stream is read, and nothing waits to be written. */
  void checkWritten() {
    final List<Event> replies =
        stream.decided().stream()
            .map(decided -> Replies.reply(stream.rules().role(), decided.event()))
            .filter(Objects::nonNull)
            .toList();
    final List<Event> written = written(stream.rules().role(), Bytes.of(wire.written()));
    if (everBlocked) {
      assertThat(replies).containsSubsequence(written);
      assertThat(tail(written)).isEqualTo(tail(replies));
    } else {
      assertThat(written).isEqualTo(replies);
    }
  }

  /** The newest pong, and the Close behind it. */
  private static List<Event> tail(List<Event> events) {
    int from = events.size();
    while (from > 0 && !(events.get(from - 1) instanceof Event.Pong)) {
      from--;
    }
    return events.subList(Math.max(0, from - 1), events.size());
  }

  /** What a peer reads; every byte must belong to a whole frame. */
  static List<Event> written(Role writer, Bytes bytes) {
    final FrameRules rules =
        new FrameRules(
            writer == Role.SERVER ? Role.CLIENT : Role.SERVER,
            FrameRules.LARGEST_MESSAGE_SIZE,
            1,
            false);
    final List<Decided> decided = ReferenceDecoder.decode(rules, bytes);
    assertThat(decided.isEmpty() ? 0 : decided.get(decided.size() - 1).at())
        .as("end of the last frame")
        .isEqualTo(bytes.length());
    return decided.stream().map(Decided::event).toList();
  }

  void checkClosed() {
    final Ending ending = Replies.ending(stream.rules().role(), stream.decided());
    assertThat(handler.closedOnce()).isEqualTo(ending.event(handler.connection(), wire));
    final List<String> calls = new ArrayList<>(handler.calls());
    calls.removeIf("message"::equals);
    assertThat(calls).containsExactly("opened", "closing", "closed");
    assertThat(handler.calls()).startsWith("opened").endsWith("closing", "closed");
    assertThat(wire.calls())
        .isEqualTo(
            ending.endsOutput()
                ? List.of("opened", "shutdownOutput", "close")
                : List.of("opened", "close"));
  }
}
