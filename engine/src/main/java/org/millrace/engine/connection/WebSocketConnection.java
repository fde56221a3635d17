package org.millrace.engine.connection;

import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.millrace.engine.frame.CloseCode;
import org.millrace.engine.frame.ClosePayload;
import org.millrace.engine.frame.FrameDecoder;
import org.millrace.engine.frame.FrameEncoder;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.frame.Violation;
import org.millrace.engine.status.EngineCounter;

/**
 * A WebSocket connection in either role: the frames of RFC 6455, its closing handshake, its pings
 * and pongs.
 */
public final class WebSocketConnection extends OwnedConnection {
  private final FrameDecoder decoder;

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

  // ---- Receiving ----

  @Override
  void read(ByteBuffer bytes, DirectBuffer view, int offset, int length) {
    resources.receiver().receive(this, bytes, view, offset, length);
  }

  FrameDecoder decoder() {
    return decoder;
  }

  void onPing(ByteBuffer payload, int offset, int length) {
    if (state == ConnectionState.OPEN && admitsPing()) {
      queue().addPong(resources, context.role(), payload, offset, length);
      onFrameQueued();
    }
  }

  void onPong(ByteBuffer payload, int offset, int length) {
    if (keepAlive.onPong(context.keepAlivePolicy(), resources.nowNs(), payload, offset, length)) {
      resources.counters().increment(EngineCounter.PONGS_CONFIRMED);
    }
  }

  void endControl() {
    if (hasAssembler()) {
      assembler().endControl(resources.buffers());
    }
  }

  // ---- Sending ----

  @Override
  public int encodedLength(int length) {
    return FrameEncoder.headerLength(context.role(), length) + length;
  }

  @Override
  boolean encode(SendQueue pending, int opcode, DirectBuffer buffer, int offset, int length) {
    if (!pending.addMessage(resources, context.role(), opcode, buffer, offset, length)) {
      return false;
    }
    resources.counters().add(EngineCounter.TRANSMITTED_FRAMES, context.subProtocol(), 1);
    return true;
  }

  private void sendControl(int opcode, byte[] payload) {
    queue().addKeepAlive(resources, context.role(), opcode, payload);
    onFrameQueued();
  }

  private void onFrameQueued() {
    resources.counters().increment(EngineCounter.TRANSMITTED_FRAMES);
    owner.markDirty();
  }

  // ---- Keep-alive ----

  @Override
  long sendKeepAlive(KeepAlivePolicy policy) {
    final long payload = resources.nextPingPayload();
    if (policy.mechanism == KeepAliveMechanism.PONG) {
      sendKeepAlive(policy, Opcode.PONG, payload);
      return keepAlive.onPongSent(policy, resources);
    }
    sendKeepAlive(policy, Opcode.PING, payload);
    return keepAlive.onPingSent(policy, resources, payload);
  }

  private void sendKeepAlive(KeepAlivePolicy policy, int opcode, long payload) {
    sendControl(opcode, policy.data == null ? resources.encodePingPayload(payload) : policy.data);
  }

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

  // ---- Closing ----

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
  }

  /** The same code, unless it is one that only a client may send. */
  private int replyTo(int code) {
    return context.closeReply() == CloseReply.ECHO
            && (code == CloseCode.NO_STATUS || CloseCode.mayBeSent(code, context.role()))
        ? code
        : CloseCode.NORMAL;
  }

  @Override
  void onEndOfOpenInput() {
    terminate(Initiator.REMOTE, null, null);
  }

  @Override
  void beginClosing(int code, String reason) {
    leaveOpen(Closing.local(code, reason));
    sendClose(code, reason, false);
  }

  @Override
  void beginFailing(Violation violation) {
    leaveOpen(Closing.failed(violation));
    sendClose(violation.closeCode(), "", true);
  }

  /**
   * @param overtakes whether the Close goes ahead of messages that wait behind a blocked write,
   *     which are then lost: it may not wait for a peer that does not read, or has closed.
   */
  private void sendClose(int code, String reason, boolean overtakes) {
    if (overtakes) {
      discardBlockedMessages();
    }
    queue().addClose(resources, context.role(), ClosePayload.encode(code, reason));
    onFrameQueued();
  }
}
