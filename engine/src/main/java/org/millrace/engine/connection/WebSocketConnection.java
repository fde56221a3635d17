package org.millrace.engine.connection;

import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.millrace.engine.frame.CloseCode;
import org.millrace.engine.frame.FrameDecoder;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.frame.Role;
import org.millrace.engine.frame.Violation;
import org.millrace.engine.message.MessageAssembler;
import org.millrace.engine.status.EngineCounter;

/**
 * A WebSocket connection in either role: the state of RFC 6455 between a {@link Wire} and a {@link
 * MessageHandler}.
 *
 * <p>Written by one thread, the shard's. The shard calls {@link #open}, {@link #receive}, {@link
 * #writeEnded}, {@link #endOfInput}, {@link #wireFailed}, {@link #onTimer} and {@link #flush}; the
 * last thing that happens is {@link ConnectionOwner#closed}, exactly once. What is called
 * afterwards changes nothing, but that a batch still in flight is given back to the pool when the
 * wire returns it.
 */
public final class WebSocketConnection extends SendingConnection {
  private final FrameDecoder decoder;
  private final KeepAlive keepAlive = new KeepAlive();
  private long id;
  private Closing closing;
  private MessageAssembler assembler;
  private byte callbacks;
  private boolean endPending;

  /** Any thread; everything else on the shard's. */
  public WebSocketConnection(
      ConnectionResources resources,
      ConnectionOwner owner,
      ConnectionContext context,
      Wire wire,
      MessageHandler handler) {
    super(resources, owner, context, wire, handler);
    decoder = new FrameDecoder(context.frameRules());
  }

  // ---- What the shard tells the connection ----

  /** Takes the connection over under {@code newId}. */
  public void open(long newId) {
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
  public void receive(ByteBuffer bytes, DirectBuffer view, int offset, int length) {
    if (state == ConnectionState.CLOSED) {
      return;
    }
    resources.counters().add(EngineCounter.RECEIVED_BYTES, length);
    keepAlive.onReceived(resources.nowNs());
    if (isReading()) {
      resources.receiver().receive(this, bytes, view, offset, length);
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
  public boolean sendAccepted(int opcode, DirectBuffer buffer, int offset, int length) {
    final int result = send(opcode, buffer, offset, length);
    if (result == SendResult.BACK_PRESSURED) {
      fail(Violation.OUT_OF_BUFFERS);
    }
    return SendResult.isAccepted(result);
  }

  /** The peer has ended its direction. */
  public void endOfInput() {
    if (state == ConnectionState.CLOSED) {
      return;
    }
    if (closing == null) {
      terminate(Initiator.REMOTE, null, null);
    } else if (closing.phase() == Closing.Phase.FLUSHING) {
      closing.onEndOfInput();
    } else {
      terminate();
    }
  }

  @Override
  public void wireFailed(Throwable cause) {
    terminate(Initiator.REMOTE, null, cause);
  }

  /** The bytes kept by a stalled wire have been received: it may go on reading. */
  public void resumeInput() {
    if (state != ConnectionState.CLOSED) {
      try {
        wire.resume();
      } catch (Throwable t) {
        wireFailed(t);
      }
    }
  }

  /**
   * Ends the connection now, whatever state it is in.
   *
   * @param cause or null.
   */
  public void abort(Throwable cause) {
    terminate(Initiator.LOCAL, null, cause);
  }

  /** A time asked for by {@link ConnectionOwner#timerBy} has come, or an earlier one. */
  public void onTimer() {
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
      nextNs = sendKeepAlive(policy);
    }
    lookAgainBy(nextNs);
    return true;
  }

  private long sendKeepAlive(KeepAlivePolicy policy) {
    resources.counters().increment(EngineCounter.PINGS_SENT);
    final long payload = resources.nextPingPayload();
    if (policy.mechanism == KeepAliveMechanism.PONG) {
      sendKeepAlive(policy, Opcode.PONG, payload);
      return keepAlive.onPongSent(policy, resources);
    }
    sendKeepAlive(policy, Opcode.PING, payload);
    return keepAlive.onPingSent(policy, resources, payload);
  }

  private void sendKeepAlive(KeepAlivePolicy policy, int opcode, long payload) {
    sendKeepAlive(opcode, policy.data == null ? resources.encodePingPayload(payload) : policy.data);
  }

  // ---- What the receiver tells the connection ----

  FrameDecoder decoder() {
    return decoder;
  }

  /** Whether frames of the peer are still looked at. */
  boolean isReading() {
    return state == ConnectionState.OPEN
        || (state == ConnectionState.CLOSING && closing.isReading());
  }

  void deliver(int opcode, DirectBuffer buffer, int offset, int length) {
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

  void onPing(ByteBuffer payload, int offset, int length) {
    if (state != ConnectionState.OPEN) {
      return;
    }
    resources.counters().increment(EngineCounter.PINGS_RECEIVED);
    if (!keepAlive.allowsPing(context.keepAlivePolicy(), resources.nowNs())) {
      fail(Violation.PING_FLOOD);
      return;
    }
    sendPong(payload, offset, length);
  }

  void onPong(ByteBuffer payload, int offset, int length) {
    if (keepAlive.onPong(context.keepAlivePolicy(), resources.nowNs(), payload, offset, length)) {
      resources.counters().increment(EngineCounter.PONGS_CONFIRMED);
    }
  }

  void onClose(int code, String reason) {
    if (closing != null) {
      closing.onClose(code, reason);
    } else {
      final int replyCode = replyTo(code);
      final boolean plain = context.closeReply() == CloseReply.ECHO;
      leaveOpen(Closing.remote(code, reason, replyCode));
      sendClose(replyCode, plain ? "" : "Normal closure", true);
    }
    closeBy(context.timeouts().closeNs());
    if (isFlushed()) {
      onFlushed();
    }
  }

  /** The same code, unless it is one that only a client may send. */
  private int replyTo(int code) {
    return context.closeReply() == CloseReply.ECHO
            && (code == CloseCode.NO_STATUS || CloseCode.mayBeSent(code, context.role()))
        ? code
        : CloseCode.NORMAL;
  }

  /** The read ended within a message or a frame. */
  void onReadIncomplete(int bytes) {
    final Violation violation = assembler().onRead(context.messageLimits(), bytes);
    if (violation != null) {
      fail(violation);
    }
  }

  /** The message under way; begins one, and its time, if there is none. */
  MessageAssembler assembler() {
    if (assembler == null) {
      assembler = resources.takeAssembler();
      lookAgainBy(assembler.nextCheckNs(context.messageLimits()));
    }
    return assembler;
  }

  MessageAssembler detachAssembler() {
    final MessageAssembler detached = assembler;
    assembler = null;
    return detached;
  }

  void releaseAssembler() {
    if (assembler != null) {
      resources.giveBack(detachAssembler());
    }
  }

  void endControl() {
    if (assembler != null) {
      assembler.endControl(resources.buffers());
    }
  }

  // ---- Keep-alive frames asked for ----

  @Override
  public boolean ping() {
    assert owner.isCurrent() : "ping from a thread other than the shard's: use Engine.run";
    if (!mayWrite()) {
      return false;
    }
    final KeepAlivePolicy policy = context.keepAlivePolicy();
    final boolean again = keepAlive.isUnanswered();
    final long payload = again ? keepAlive.pingPayload() : resources.nextPingPayload();
    sendKeepAlive(policy, Opcode.PING, payload);
    resources.counters().increment(EngineCounter.PINGS_SENT);
    if (!again) {
      lookAgainBy(keepAlive.onPingSent(policy, resources, payload));
    }
    return true;
  }

  @Override
  public boolean pong() {
    assert owner.isCurrent() : "pong from a thread other than the shard's: use Engine.run";
    if (!mayWrite() || (isWriting() && keepAlive.isAwaitingPong())) {
      return false;
    }
    sendKeepAlive(context.keepAlivePolicy(), Opcode.PONG, resources.nextPingPayload());
    return true;
  }

  @Override
  public boolean isAwaitingPong() {
    return keepAlive.isAwaitingPong();
  }

  // ---- Closing ----

  @Override
  public boolean close(int code, String reason) {
    assert owner.isCurrent() : "close from a thread other than the shard's: use Engine.close";
    if (code != CloseCode.NO_STATUS && !CloseCode.mayBeSent(code, context.role())) {
      throw new IllegalArgumentException("code=" + code + ": must not be sent in this role");
    }
    if (state != ConnectionState.OPEN) {
      return false;
    }
    final String text = reason == null ? "" : reason;
    leaveOpen(Closing.local(code, text));
    sendClose(code, text, false);
    closeBy(context.timeouts().closeNs());
    return true;
  }

  @Override
  void fail(Violation violation) {
    if (state == ConnectionState.CLOSED || (closing != null && !closing.isReading())) {
      return;
    }
    resources.counters().violation(violation.id());
    if (closing == null) {
      leaveOpen(Closing.failed(violation));
      sendClose(violation.closeCode(), "", true);
    } else {
      closing.onViolation(violation);
    }
    closeBy(context.timeouts().failNs());
    if (isFlushed()) {
      onFlushed();
    }
  }

  private void leaveOpen(Closing how) {
    closing = how;
    state = ConnectionState.CLOSING;
    releaseAssembler();
    try {
      handler.onClosing(this);
    } catch (Throwable t) {
      recordHandlerError(t);
    }
  }

  private void closeBy(long timeoutNs) {
    closing.deadlineNs(resources.nowNs() + timeoutNs);
    lookAgainBy(closing.deadlineNs());
  }

  /** Everything queued has left: end our direction, or wait for the peer to end its own. */
  @Override
  void onFlushed() {
    if (state == ConnectionState.CLOSED || closing == null) {
      return;
    }
    closing.onCloseSent();
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

  private void terminate(Initiator initiator, Violation violation, Throwable cause) {
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
  private void terminate() {
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
  void enterCallback() {
    callbacks++;
  }

  /** An end that came within a callback waits for the callback, whose buffers must stay. */
  @Override
  void leaveCallback() {
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

  private void lookAgainBy(long deadlineNs) {
    if (deadlineNs != ConnectionOwner.NEVER && state != ConnectionState.CLOSED) {
      owner.timerBy(deadlineNs);
    }
  }

  @Override
  public long id() {
    return id;
  }

  @Override
  public long lastReceivedNs() {
    return keepAlive.lastReceivedNs();
  }

  @Override
  public long openedNs() {
    return keepAlive.openedNs();
  }

  @Override
  public int rttMicros() {
    return keepAlive.rttMicros();
  }
}
