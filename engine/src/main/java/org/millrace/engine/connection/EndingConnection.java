package org.millrace.engine.connection;

import org.millrace.engine.frame.CloseCode;
import org.millrace.engine.frame.Role;
import org.millrace.engine.frame.Violation;

/**
 * The end of a connection: every way out of OPEN, and the one way to {@link ConnectionOwner#closed}
 * and the closed event. Owned by the shard.
 */
abstract class EndingConnection extends SendingConnection {
  /** Set when the connection is opened. */
  long id;

  /** Null while the connection is open. */
  Closing closing;

  private byte callbacks;
  private boolean endPending;

  EndingConnection(
      ConnectionResources resources,
      ConnectionOwner owner,
      ConnectionContext context,
      Wire wire,
      MessageHandler handler) {
    super(resources, owner, context, wire, handler);
  }

  /**
   * Leaves the state OPEN because this side wants to.
   *
   * @param code that may be sent.
   */
  abstract void beginClosing(int code, String reason);

  /** Leaves the state OPEN because a rule was broken. */
  abstract void beginFailing(Violation violation);

  /** Gives back what a message under way has taken. */
  abstract void releaseAssembler();

  /** Whether what the peer sends is still looked at. */
  final boolean isReading() {
    return state == ConnectionState.OPEN
        || (state == ConnectionState.CLOSING && closing.isReading());
  }

  @Override
  public final boolean close(int code, String reason) {
    assert owner.isCurrent() : "close from a thread other than the shard's: use Engine.close";
    if (code != CloseCode.NO_STATUS && !CloseCode.mayBeSent(code, context.role())) {
      throw new IllegalArgumentException("code=" + code + ": must not be sent in this role");
    }
    if (state != ConnectionState.OPEN) {
      return false;
    }
    beginClosing(code, reason == null ? "" : reason);
    closeBy(context.timeouts().closeNs());
    return true;
  }

  @Override
  final void fail(Violation violation) {
    if (state == ConnectionState.CLOSED || (closing != null && !closing.isReading())) {
      return;
    }
    resources.counters().violation(violation.id());
    if (closing == null) {
      beginFailing(violation);
    } else {
      closing.onViolation(violation);
    }
    closeBy(context.timeouts().failNs());
  }

  final void leaveOpen(Closing how) {
    closing = how;
    state = ConnectionState.CLOSING;
    releaseAssembler();
    try {
      handler.onClosing(this);
    } catch (Throwable t) {
      recordHandlerError(t);
    }
  }

  /** Gives what is queued that long to leave, which it may have done. */
  final void closeBy(long timeoutNs) {
    closing.deadlineNs(resources.nowNs() + timeoutNs);
    lookAgainBy(closing.deadlineNs());
    if (isFlushed()) {
      onFlushed();
    }
  }

  /** Everything queued has left: end our direction, or wait for the peer to end its own. */
  @Override
  final void onFlushed() {
    if (state == ConnectionState.CLOSED || closing == null) {
      return;
    }
    closing.onFlushed();
    if (closing.phase() != Closing.Phase.FLUSHING) {
      return;
    }
    if (closing.isEndOfInput()) {
      terminate();
      return;
    }
    final boolean waitsForServer = context.role() == Role.CLIENT && closing.isCloseReceived();
    final long timeoutNs =
        waitsForServer ? context.timeouts().closeNs() : context.timeouts().lingerNs();
    closing.linger(resources.nowNs() + timeoutNs);
    lookAgainBy(closing.deadlineNs());
    if (!waitsForServer) {
      try {
        wire.shutdownOutput();
      } catch (Throwable t) {
        wireFailed(t);
      }
    }
  }

  @Override
  public final void wireFailed(Throwable cause) {
    terminate(Initiator.REMOTE, null, cause);
  }

  /**
   * Ends the connection now, whatever state it is in.
   *
   * @param cause or null.
   */
  public final void abort(Throwable cause) {
    terminate(Initiator.LOCAL, null, cause);
  }

  final void terminate(Initiator initiator, Violation violation, Throwable cause) {
    if (state == ConnectionState.CLOSED) {
      return;
    }
    if (violation != null) {
      resources.counters().violation(violation.id());
    }
    if (closing == null) {
      leaveOpen(Closing.abrupt(initiator, violation));
    }
    closing.because(violation, cause);
    terminate();
  }

  /** Ends the connection now. {@link #closing} tells how it came to that. */
  final void terminate() {
    if (state == ConnectionState.CLOSED) {
      return;
    }
    state = ConnectionState.CLOSED;
    if (callbacks > 0) {
      endPending = true;
    } else {
      finish();
    }
  }

  @Override
  final void enterCallback() {
    callbacks++;
  }

  /** An end that came within a callback waits for the callback, whose buffers must stay. */
  @Override
  final void leaveCallback() {
    callbacks--;
    if (callbacks == 0 && endPending) {
      endPending = false;
      finish();
    }
  }

  private void finish() {
    releaseAssembler();
    discardPending();
    final ClosedEvent event = closing.event(id, wire);
    try {
      wire.close();
    } catch (Throwable t) {
      resources.errors().onError(t);
    }
    owner.closed(event);
    try {
      handler.onClosed(this, event);
    } catch (Throwable t) {
      recordHandlerError(t);
    }
    try {
      resources.listener().onClosed(this, event);
    } catch (Throwable t) {
      recordHandlerError(t);
    }
  }

  final void lookAgainBy(long deadlineNs) {
    if (deadlineNs != ConnectionOwner.NEVER && state != ConnectionState.CLOSED) {
      owner.timerBy(deadlineNs);
    }
  }

  @Override
  public final long id() {
    return id;
  }
}
