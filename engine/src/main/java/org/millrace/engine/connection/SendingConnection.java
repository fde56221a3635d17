package org.millrace.engine.connection;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.frame.Violation;
import org.millrace.engine.status.EngineCounter;

/**
 * The outbound half of a connection: messages are encoded into the pending batch of its {@link
 * SendQueue}, and one write at a time hands a batch to the wire. Owned by the shard.
 */
abstract class SendingConnection implements Connection {
  final ConnectionResources resources;
  final ConnectionOwner owner;
  final ConnectionContext context;
  final Wire wire;
  final MessageHandler handler;
  ConnectionState state = ConnectionState.CONNECTING;
  private SendQueue queue;
  private Object attachment;
  private boolean congested;
  private boolean outputDead;

  SendingConnection(
      ConnectionResources resources,
      ConnectionOwner owner,
      ConnectionContext context,
      Wire wire,
      MessageHandler handler) {
    this.resources = resources;
    this.owner = owner;
    this.context = context;
    this.wire = wire;
    this.handler = handler;
  }

  /** Bytes that a message of {@code length} bytes has on the wire. Any thread. */
  public abstract int encodedLength(int length);

  /**
   * Encodes a message into the pending batch, and counts it.
   *
   * @return false, and nothing changed, if there is no buffer for it.
   */
  abstract boolean encode(
      SendQueue pending, int opcode, DirectBuffer buffer, int offset, int length);

  /** Everything that was queued has left. */
  abstract void onFlushed();

  /** Fails the connection (RFC 6455 section 7.1.7), whatever state it is in. */
  abstract void fail(Violation violation);

  /** The transport is dead. */
  abstract void wireFailed(Throwable cause);

  /** A callback of the program begins, in which the connection must not come to its end. */
  abstract void enterCallback();

  abstract void leaveCallback();

  @Override
  public int send(int opcode, DirectBuffer buffer, int offset, int length) {
    assert owner.isCurrent() : "send from a thread other than the shard's: use Engine.send";
    if (opcode != Opcode.TEXT && opcode != Opcode.BINARY && opcode != AUTO) {
      throw new IllegalArgumentException("opcode=" + opcode + ": must be TEXT, BINARY or AUTO");
    }
    buffer.boundsCheck(offset, length);
    final int encodedLength = encodedLength(length);
    final int refusal = admit(encodedLength);
    if (refusal < 0 || encodedLength == 0) {
      return refusal;
    }
    final SendQueue q = queue();
    if (!encode(q, opcode, buffer, offset, length)) {
      forgetEmptyQueue();
      resources.counters().increment(EngineCounter.BACK_PRESSURED_SENDS);
      return SendResult.BACK_PRESSURED;
    }
    owner.markDirty();
    return q.bytes() <= context.sendQueueHighMark() ? SendResult.SENT : onHighMark();
  }

  private int admit(int encodedLength) {
    if (!mayWrite()) {
      return SendResult.NOT_OPEN;
    }
    if (encodedLength > context.sendQueueHardLimit()) {
      return SendResult.TOO_LONG;
    }
    if (isFull(encodedLength)) {
      // What only waits for the end of this duty cycle is no reason to call the peer slow.
      flush();
      if (!mayWrite()) {
        return SendResult.NOT_OPEN;
      }
      if (isFull(encodedLength)) {
        fail(Violation.SLOW_CONSUMER);
        return SendResult.SLOW_CONSUMER;
      }
    }
    return SendResult.SENT;
  }

  /** Whether anything may still be queued. */
  final boolean mayWrite() {
    return state == ConnectionState.OPEN && !outputDead;
  }

  private boolean isFull(int encodedLength) {
    return queue != null
        && (queue.bytes() + encodedLength > context.sendQueueHardLimit()
            || queue.messages() >= context.sendQueueMaxMessages());
  }

  private int onHighMark() {
    flush();
    if (!mayWrite()) {
      return SendResult.NOT_OPEN;
    }
    if (queuedBytes() <= context.sendQueueHighMark()) {
      return SendResult.SENT;
    }
    congested = true;
    owner.congested(true);
    return SendResult.CONGESTED;
  }

  /** The queue; an empty one is taken if there is none. */
  final SendQueue queue() {
    if (queue == null) {
      queue = resources.takeSendQueue();
    }
    return queue;
  }

  /** Hands what is pending to the wire, unless a write is under way. */
  public final void flush() {
    if (queue == null || queue.isBlocked() || !queue.hasPending() || outputDead) {
      return;
    }
    final long deadlineNs = resources.nowNs() + context.timeouts().sendNs();
    final ByteBuffer batch = queue.startWrite(deadlineNs);
    resources.counters().increment(EngineCounter.WRITES);
    final boolean complete;
    try {
      complete = wire.write(batch);
    } catch (Throwable t) {
      writeFailed();
      wireFailed(t);
      return;
    }
    if (complete) {
      writeEnded();
    } else {
      owner.timerBy(deadlineNs);
    }
  }

  /** The wire has written the batch in flight and given it back. */
  public final void writeEnded() {
    if (!isWriting()) {
      resources.errors().onError(new IllegalStateException("the wire ended a write twice"));
      return;
    }
    final int bytes = queue.endWrite(resources.buffers());
    resources.counters().add(EngineCounter.TRANSMITTED_BYTES, bytes);
    if (queue.hasPending()) {
      owner.markDirty();
    } else {
      forgetEmptyQueue();
      onFlushed();
    }
    if (congested && queuedBytes() <= context.sendQueueHighMark() / 2) {
      congested = false;
      owner.congested(false);
      onWritable();
    }
  }

  /** The wire has given the batch in flight back unwritten: there will be no other write. */
  public final void writeFailed() {
    endOutput();
    if (isWriting()) {
      queue.endWrite(resources.buffers());
      forgetEmptyQueue();
    }
  }

  /** There will be no other write. */
  final void endOutput() {
    outputDead = true;
  }

  private void onWritable() {
    if (state == ConnectionState.OPEN) {
      enterCallback();
      try {
        handler.onWritable(this);
      } catch (Throwable t) {
        recordHandlerError(t);
        fail(Violation.HANDLER_FAILED);
      } finally {
        leaveCallback();
      }
    }
  }

  final void recordHandlerError(Throwable error) {
    resources.counters().increment(EngineCounter.HANDLER_ERRORS);
    resources.errors().onError(error);
  }

  /** Whether a batch is the wire's at this moment. */
  final boolean isWriting() {
    return queue != null && queue.isBlocked();
  }

  /** When the write under way has to have ended. */
  final long writeDeadlineNs() {
    return queue.deadlineNs();
  }

  final boolean isFlushed() {
    return queue == null && !outputDead;
  }

  /** Throws away the messages that wait behind a blocked write. */
  final void discardBlockedMessages() {
    if (queue != null) {
      countDiscarded(queue.discardBlockedMessages());
    }
  }

  /** Throws away what is pending; what is in flight stays the wire's until it gives it back. */
  final void discardPending() {
    if (queue != null) {
      countDiscarded(queue.discardPending(resources.buffers()));
      forgetEmptyQueue();
    }
  }

  private void countDiscarded(int messages) {
    resources.counters().add(EngineCounter.DISCARDED_MESSAGES, messages);
  }

  private void forgetEmptyQueue() {
    if (queue != null && queue.isEmpty()) {
      resources.giveBack(queue);
      queue = null;
    }
  }

  @Override
  public final int queuedBytes() {
    return queue == null ? 0 : queue.bytes();
  }

  @Override
  public final ConnectionState state() {
    return state;
  }

  @Override
  public final ConnectionContext context() {
    return context;
  }

  @Override
  public final SocketAddress localAddress() {
    return wire.localAddress();
  }

  @Override
  public final SocketAddress remoteAddress() {
    return wire.remoteAddress();
  }

  @Override
  public final Object attachment() {
    return attachment;
  }

  @Override
  public final void attach(Object newAttachment) {
    attachment = newAttachment;
  }
}
