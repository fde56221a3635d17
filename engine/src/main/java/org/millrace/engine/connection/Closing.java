package org.millrace.engine.connection;

import java.net.SocketAddress;
import java.util.function.Supplier;
import org.millrace.engine.frame.CloseCode;
import org.millrace.engine.frame.Violation;

/**
 * How far the end of a connection has come (RFC 6455 section 7.1; requirements ).
 * Exists from the moment in which the connection leaves OPEN.
 *
 * <pre>
 *   AWAITING_CLOSE  our Close is sent or queued, the peer's is awaited; pings and data are ignored
 *   FLUSHING        no more frames are awaited, ours still have to leave
 *   LINGERING       our direction is ended, or waits for the server to end: input is thrown away
 * </pre>
 */
final class Closing {
  enum Phase {
    AWAITING_CLOSE,
    FLUSHING,
    LINGERING
  }

  private final Initiator initiator;
  private final int sentCode;
  private Violation violation;
  private final String reason;
  private final boolean stream;
  private Phase phase;
  private int receivedCode;
  private String receivedReason = "";
  private boolean flushed;
  private boolean endOfInput;
  private long deadlineNs = ConnectionOwner.NEVER;
  private long discardedBytes;
  private Throwable cause;

  private Closing(
      Initiator initiator, Phase phase, int sentCode, String reason, Violation violation) {
    this(initiator, phase, sentCode, reason, violation, false);
  }

  private Closing(
      Initiator initiator,
      Phase phase,
      int sentCode,
      String reason,
      Violation violation,
      boolean stream) {
    this.initiator = initiator;
    this.phase = phase;
    this.sentCode = sentCode;
    this.reason = reason;
    this.violation = violation;
    this.stream = stream;
  }

  /** This side closes an open connection. */
  static Closing local(int code, String reason) {
    return new Closing(Initiator.LOCAL, Phase.AWAITING_CLOSE, code, reason, null);
  }

  /** This side fails an open connection. */
  static Closing failed(Violation violation) {
    return new Closing(
        Initiator.LOCAL, Phase.FLUSHING, violation.closeCode(), violation.text(), violation);
  }

  /** The peer has closed an open connection, and is answered with {@code replyCode}. */
  static Closing remote(int code, String reason, int replyCode) {
    final Closing closing = new Closing(Initiator.REMOTE, Phase.FLUSHING, replyCode, "", null);
    closing.receivedCode = code;
    closing.receivedReason = reason;
    return closing;
  }

  /** A stream ends, which has no Close: what is queued leaves, then the direction ends. */
  static Closing ofStream(Initiator initiator, String reason, Violation violation) {
    return new Closing(initiator, Phase.FLUSHING, 0, reason, violation, true);
  }

  /** The connection ends at once, without a Close of ours. */
  static Closing abrupt(Initiator initiator, Violation violation) {
    return new Closing(
        initiator, Phase.LINGERING, 0, violation == null ? "" : violation.text(), violation);
  }

  /** The peer's Close has come after ours. */
  void onClose(int code, String peerReason) {
    receivedCode = code;
    receivedReason = peerReason;
    phase = Phase.FLUSHING;
  }

  /** The peer broke a rule after our Close: no second one is sent, and no more is read. */
  void onViolation(Violation later) {
    because(later, null);
    phase = Phase.FLUSHING;
  }

  /** Everything that was to leave before the end has left, our Close if there is one. */
  void onFlushed() {
    flushed = true;
  }

  void linger(long deadline) {
    phase = Phase.LINGERING;
    deadlineNs = deadline;
  }

  void deadlineNs(long deadline) {
    deadlineNs = deadline;
  }

  long deadlineNs() {
    return deadlineNs;
  }

  Phase phase() {
    return phase;
  }

  /** Whether frames of the peer are still looked at. */
  boolean isReading() {
    return phase == Phase.AWAITING_CLOSE;
  }

  void onEndOfInput() {
    endOfInput = true;
  }

  boolean isEndOfInput() {
    return endOfInput;
  }

  boolean isCloseReceived() {
    return receivedCode != 0;
  }

  /** Counts input that is thrown away; returns the sum. */
  long discard(int bytes) {
    discardedBytes += bytes;
    return discardedBytes;
  }

  /** What else ended the connection; the first of each counts. */
  void because(Violation broken, Throwable error) {
    if (violation == null) {
      violation = broken;
    }
    if (cause == null) {
      cause = error;
    }
  }

  ClosedEvent event(long id, Wire wire) {
    final boolean received = isCloseReceived();
    final boolean closeSent = flushed && sentCode != 0;
    final boolean bothEnded = stream && flushed && endOfInput && violation == null && cause == null;
    return new ClosedEvent(
        id,
        initiator,
        code(bothEnded),
        received ? receivedReason : reason,
        closeSent ? sentCode : 0,
        violation,
        bothEnded || (received && closeSent),
        cause,
        addressOf(wire::localAddress),
        addressOf(wire::remoteAddress));
  }

  private int code(boolean bothEnded) {
    if (isCloseReceived()) {
      return receivedCode;
    }
    if (violation != null) {
      return violation.closeCode();
    }
    return bothEnded ? CloseCode.NO_STATUS : CloseCode.ABNORMAL;
  }

  /** A transport that has gone may not know its addresses any more. */
  private static SocketAddress addressOf(Supplier<SocketAddress> side) {
    try {
      return side.get();
    } catch (Throwable t) {
      return null;
    }
  }
}
