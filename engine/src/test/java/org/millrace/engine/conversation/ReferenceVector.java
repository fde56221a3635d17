package org.millrace.engine.conversation;

import org.millrace.engine.frame.CloseCode;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.frame.Role;
import org.millrace.engine.reference.Bytes;
import org.millrace.engine.reference.Decided;
import org.millrace.engine.reference.Event;
import org.millrace.engine.reference.FrameVector;
import org.millrace.engine.reference.ReferenceEncoder;

/** Makes a conversation of one peer's frames: what comes back follows from their events. */
final class ReferenceVector {
  private ReferenceVector() {}

  static ConversationVector of(FrameVector frames) {
    final Role role = frames.rules().role();
    final VectorBuilder vector = VectorBuilder.vector(frames.id(), frames.name() + ", " + role);
    vector
        .with()
        .role(role)
        .maxMessageSize(frames.rules().maxMessageSize())
        .maxFramesPerMessage(frames.rules().maxFramesPerMessage())
        .lenientLength(frames.rules().lenientLength());
    final Bytes stream = frames.stream();
    int begin = 0;
    for (Decided decided : frames.expected()) {
      vector.in(stream.slice(begin, decided.at()));
      begin = decided.at();
      add(vector, role, decided.event());
    }
    if (begin < stream.length()) {
      vector.in(stream.slice(begin, stream.length()));
    }
    return vector.build();
  }

  private static void add(VectorBuilder vector, Role role, Event event) {
    final Event reply = Replies.reply(role, event);
    if (reply != null) {
      vector.out(encode(role, reply));
    }
    if (event instanceof Event.Message message) {
      vector.delivers(Replies.received(message));
    } else if (event instanceof Event.Failed || event instanceof Event.Close) {
      vector.ends(Replies.ending(role, event));
    }
  }

  private static Bytes encode(Role role, Event reply) {
    final ReferenceEncoder frame =
        reply instanceof Event.Pong pong
            ? ReferenceEncoder.frame(Opcode.PONG, pong.payload())
            : ReferenceEncoder.frame(Opcode.CLOSE, closePayload((Event.Close) reply));
    return (role == Role.CLIENT ? frame.masked() : frame).encode();
  }

  private static Bytes closePayload(Event.Close close) {
    return close.code() == CloseCode.NO_STATUS
        ? Bytes.EMPTY
        : ReferenceEncoder.closePayload(close.code(), "");
  }
}
