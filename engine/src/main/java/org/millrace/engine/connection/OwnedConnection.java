package org.millrace.engine.connection;

import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.millrace.engine.frame.Violation;
import org.millrace.engine.message.MessageAssembler;
import org.millrace.engine.status.EngineCounter;

/**
 * The life of a connection, of whatever codec, between its {@link Wire} and its {@link
 * MessageHandler}: it opens, receives, is kept alive and comes to its end.
 *
 * <p>Written by one thread, the shard's. The shard calls {@link #open}, {@link #receive}, {@link
 * #writeEnded}, {@link #endOfInput}, {@link #wireFailed}, {@link #onTimer} and {@link #flush}; the
 * last thing that happens is {@link ConnectionOwner#closed}, exactly once. What is called
 * afterwards changes nothing, but that a batch still in flight is given back to the pool when the
 * wire returns it.
 */
public abstract class OwnedConnection extends EndingConnection {
  final KeepAlive keepAlive = new KeepAlive();

  private MessageAssembler assembler;

  /** Any thread; everything else on the shard's. */
  OwnedConnection(
      ConnectionResources resources,
      ConnectionOwner owner,
      ConnectionContext context,
      Wire wire,
      MessageHandler handler) {
    super(resources, owner, context, wire, handler);
  }

  /** Takes the bytes of one read, while {@link #isReading}. */
  abstract void read(ByteBuffer bytes, DirectBuffer view, int offset, int length);

  /** The peer has ended its direction of an open connection. */
  abstract void onEndOfOpenInput();

  /** Sends what keeps the connection alive; returns when to look again. */
  abstract long sendKeepAlive(KeepAlivePolicy policy);

  // ---- What the shard tells the connection ----

  /** Takes the connection over under {@code newId}. */
  public final void open(long newId) {
    id = newId;
    state = ConnectionState.OPEN;
    keepAlive.onOpened(resources.nowNs());
    lookAgainBy(keepAlive.check(context.keepAlivePolicy(), resources));
    enterCallback();
    try {
      tellOpened();
    } finally {
      leaveCallback();
    }
  }

  private void tellOpened() {
    // The wire first: a burst of the handler's may have to be written at once. Bytes come through
    // the ring, so none can overtake the handler.
    Throwable wireError = null;
    try {
      wire.opened();
    } catch (Throwable t) {
      wireError = t;
      endOutput();
    }
    try {
      handler.onOpened(this);
    } catch (Throwable t) {
      recordHandlerError(t);
      fail(Violation.HANDLER_FAILED);
    }
    try {
      resources.listener().onOpened(this);
    } catch (Throwable t) {
      recordHandlerError(t);
    }
    if (wireError != null) {
      wireFailed(wireError);
    }
  }

  /**
   * Takes the bytes of one read, unmasking them in place.
   *
   * @param bytes direct and in native order.
   * @param view the same memory with the same indexes.
   */
  public final void receive(ByteBuffer bytes, DirectBuffer view, int offset, int length) {
    if (state == ConnectionState.CLOSED) {
      return;
    }
    resources.counters().add(EngineCounter.RECEIVED_BYTES, length);
    keepAlive.onReceived(resources.nowNs());
    if (isReading()) {
      read(bytes, view, offset, length);
    } else if (closing.phase() == Closing.Phase.LINGERING
        && closing.discard(length) > context.lingerBytes()) {
      terminate();
    }
  }

  /**
   * Sends a message that was accepted from another thread, which cannot be told any more that there
   * is no buffer for it: rather than lose it and go on, the connection fails.
   *
   * @return whether it was queued.
   */
  public final boolean sendAccepted(int opcode, DirectBuffer buffer, int offset, int length) {
    final int result = send(opcode, buffer, offset, length);
    if (result == SendResult.BACK_PRESSURED) {
      fail(Violation.OUT_OF_BUFFERS);
    }
    return SendResult.isAccepted(result);
  }

  /** The peer has ended its direction. */
  public final void endOfInput() {
    if (state == ConnectionState.CLOSED) {
      return;
    }
    if (closing == null) {
      onEndOfOpenInput();
      return;
    }
    closing.onEndOfInput();
    if (closing.phase() != Closing.Phase.FLUSHING) {
      terminate();
    }
  }

  /** The bytes kept by a stalled wire have been received: it may go on reading. */
  public final void resumeInput() {
    if (state != ConnectionState.CLOSED) {
      try {
        wire.resume();
      } catch (Throwable t) {
        wireFailed(t);
      }
    }
  }

  /** A time asked for by {@link ConnectionOwner#timerBy} has come, or an earlier one. */
  public final void onTimer() {
    if (state == ConnectionState.CLOSED) {
      return;
    }
    final long nowNs = resources.nowNs();
    if (isWriting() && nowNs >= writeDeadlineNs()) {
      terminate(Initiator.LOCAL, Violation.SEND_TIMEOUT, null);
      return;
    }
    if (closing != null) {
      if (nowNs >= closing.deadlineNs()) {
        terminate();
        return;
      }
      lookAgainBy(closing.deadlineNs());
    } else if (!checkMessage(nowNs) || !checkPeer()) {
      return;
    }
    if (isWriting()) {
      lookAgainBy(writeDeadlineNs());
    }
  }

  private boolean checkMessage(long nowNs) {
    if (assembler == null) {
      return true;
    }
    final Violation violation = assembler.check(context.messageLimits(), nowNs);
    if (violation != null) {
      fail(violation);
      return false;
    }
    lookAgainBy(assembler.nextCheckNs(context.messageLimits()));
    return true;
  }

  private boolean checkPeer() {
    final KeepAlivePolicy policy = context.keepAlivePolicy();
    long nextNs = keepAlive.check(policy, resources);
    if (nextNs == KeepAlive.DEAD) {
      resources.counters().increment(EngineCounter.DEAD_PEERS);
      fail(Violation.PEER_DEAD);
      flush();
      terminate();
      return false;
    }
    if (nextNs == KeepAlive.DUE) {
      resources.counters().increment(EngineCounter.PINGS_SENT);
      nextNs = sendKeepAlive(policy);
    }
    lookAgainBy(nextNs);
    return true;
  }

  // ---- What the receiver tells the connection ----

  final void deliver(int opcode, DirectBuffer buffer, int offset, int length) {
    resources.counters().increment(EngineCounter.RECEIVED_MESSAGES);
    enterCallback();
    try {
      handler.onMessage(this, opcode, buffer, offset, length);
    } catch (Throwable t) {
      recordHandlerError(t);
      fail(Violation.HANDLER_FAILED);
    } finally {
      leaveCallback();
    }
  }

  /** Counts a ping of the peer's; false if it was one too many, which fails the connection. */
  final boolean admitsPing() {
    resources.counters().increment(EngineCounter.PINGS_RECEIVED);
    if (keepAlive.allowsPing(context.keepAlivePolicy(), resources.nowNs())) {
      return true;
    }
    fail(Violation.PING_FLOOD);
    return false;
  }

  /** The read ended within a message or a frame. */
  final void onReadIncomplete(int bytes) {
    final Violation violation = assembler().onRead(context.messageLimits(), bytes);
    if (violation != null) {
      fail(violation);
    }
  }

  /** The message under way; begins one, and its time, if there is none. */
  final MessageAssembler assembler() {
    if (assembler == null) {
      assembler = resources.takeAssembler();
      lookAgainBy(assembler.nextCheckNs(context.messageLimits()));
    }
    return assembler;
  }

  final boolean hasAssembler() {
    return assembler != null;
  }

  final MessageAssembler detachAssembler() {
    final MessageAssembler detached = assembler;
    assembler = null;
    return detached;
  }

  @Override
  final void releaseAssembler() {
    if (assembler != null) {
      resources.giveBack(detachAssembler());
    }
  }

  @Override
  public final boolean isAwaitingPong() {
    return keepAlive.isAwaitingPong();
  }

  @Override
  public final long lastReceivedNs() {
    return keepAlive.lastReceivedNs();
  }

  @Override
  public final long openedNs() {
    return keepAlive.openedNs();
  }

  @Override
  public final int rttMicros() {
    return keepAlive.rttMicros();
  }
}
