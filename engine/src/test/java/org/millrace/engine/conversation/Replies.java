package org.millrace.engine.conversation;

import java.util.HexFormat;
import java.util.List;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.frame.Role;
import org.millrace.engine.harness.RecordingHandler.Received;
import org.millrace.engine.reference.Decided;
import org.millrace.engine.reference.Event;

/**
 * What an engine that sends nothing of its own must make of the events of a peer: messages are
 * delivered, the rest is answered.
 */
final class Replies {
  private Replies() {}

  /** The frame with which {@code role} answers {@code event}, or null if it does not. */
  static Event reply(Role role, Event event) {
    if (event instanceof Event.Ping ping) {
      return new Event.Pong(ping.payload());
    }
    if (event instanceof Event.Close close) {
      return new Event.Close(replyCode(role, close.code()), "");
    }
    return event instanceof Event.Failed failed
        ? new Event.Close(failed.violation().closeCode(), "")
        : null;
  }

  /** The same code, but 1010 is not for servers to send. */
  private static int replyCode(Role role, int code) {
    return code == 1010 && role == Role.SERVER ? 1000 : code;
  }

  static Received received(Event.Message message) {
    return new Received(
        message.text() ? Opcode.TEXT : Opcode.BINARY,
        HexFormat.of().formatHex(message.payload().toArray()));
  }

  /** The messages known once {@code position} bytes are read. */
  static List<Received> received(List<Decided> decided, int position) {
    return decided.stream()
        .filter(one -> one.at() <= position && one.event() instanceof Event.Message)
        .map(one -> received((Event.Message) one.event()))
        .toList();
  }

  /** How a connection ends whose peer's events were these, and then its end of stream. */
  static Ending ending(Role role, List<Decided> decided) {
    return decided.isEmpty()
        ? Ending.endOfInput()
        : ending(role, decided.get(decided.size() - 1).event());
  }

  static Ending ending(Role role, Event last) {
    if (last instanceof Event.Close close) {
      return Ending.closedByPeer(role, close.code(), close.reason(), replyCode(role, close.code()));
    }
    return last instanceof Event.Failed failed
        ? Ending.failed(failed.violation().closeCode(), failed.violation())
        : Ending.endOfInput();
  }
}
