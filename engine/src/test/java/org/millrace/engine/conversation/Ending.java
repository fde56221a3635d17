package org.millrace.engine.conversation;

import org.millrace.engine.connection.ClosedEvent;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.Initiator;
import org.millrace.engine.frame.CloseCode;
import org.millrace.engine.frame.Role;
import org.millrace.engine.frame.Violation;
import org.millrace.engine.harness.TestWire;

/**
 * How a connection must end.
 *
 * @param endsOutput whether this side ends its direction before the transport is released.
 */
record Ending(
    Initiator initiator,
    int code,
    String reason,
    int sentCode,
    Violation violation,
    boolean clean,
    boolean endsOutput) {

  /** The transport ends without a Close. */
  static Ending endOfInput() {
    return new Ending(Initiator.REMOTE, CloseCode.ABNORMAL, "", 0, null, false, false);
  }

  /** This side fails the connection. */
  static Ending failed(int code, Violation violation) {
    return new Ending(Initiator.LOCAL, code, violation.text(), code, violation, false, true);
  }

  /** The peer closes and is answered; a client then leaves it to the server to end. */
  static Ending closedByPeer(Role role, int code, String reason, int sentCode) {
    return new Ending(Initiator.REMOTE, code, reason, sentCode, null, true, role == Role.SERVER);
  }

  /** A server closes, and the peer answers with {@code code}. */
  static Ending closedByServer(int sentCode, int code) {
    return new Ending(Initiator.LOCAL, code, "", sentCode, null, true, true);
  }

  /** This side closes, and the peer does not answer. */
  static Ending unanswered(int sentCode) {
    return new Ending(Initiator.LOCAL, CloseCode.ABNORMAL, "", sentCode, null, false, false);
  }

  ClosedEvent event(Connection connection, TestWire wire) {
    return new ClosedEvent(
        connection.id(),
        initiator,
        code,
        reason,
        sentCode,
        violation,
        clean,
        null,
        wire.localAddress(),
        wire.remoteAddress());
  }
}
