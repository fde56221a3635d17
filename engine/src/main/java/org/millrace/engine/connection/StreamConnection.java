package org.millrace.engine.connection;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.agrona.DirectBuffer;
import org.millrace.engine.frame.Role;
import org.millrace.engine.frame.Violation;
import org.millrace.engine.status.EngineCounter;

/**
 * A connection over a byte stream whose messages a {@link StreamFraming} tells apart, such as SIP
 * over TCP. There is nothing around a message when it is sent, and no closing handshake: who closes
 * lets go first what is queued, ends its direction and waits a while for the peer to do the same.
 */
public final class StreamConnection extends OwnedConnection {
  private final StreamFraming framing;

  /** Any thread; everything else on the shard's. */
  public StreamConnection(
      ConnectionResources resources,
      ConnectionOwner owner,
      ConnectionContext context,
      Wire wire,
      MessageHandler handler) {
    super(resources, owner, context, wire, handler);
    framing = Objects.requireNonNull(context.framing().apply(context.maxMessageSize()), "framing");
  }

  // ---- Receiving ----

  @Override
  void read(ByteBuffer bytes, DirectBuffer view, int offset, int length) {
    resources.streamReceiver().receive(this, bytes, view, offset, length);
  }

  StreamFraming framing() {
    return framing;
  }

  void onPing() {
    if (admitsPing()) {
      sendControl(framing.pong());
    }
  }

  void onPong() {
    if (keepAlive.onPong(resources.nowNs())) {
      resources.counters().increment(EngineCounter.PONGS_CONFIRMED);
    }
  }

  /** The framing has failed on a message of which these bytes have come: the connection ends. */
  void onMalformed(DirectBuffer buffer, int offset, int length) {
    final Violation violation = framing.violation();
    enterCallback();
    try {
      handler.onMalformed(this, violation, buffer, offset, length);
    } catch (Throwable t) {
      recordHandlerError(t);
    } finally {
      fail(violation);
      leaveCallback();
    }
  }

  // ---- Sending ----

  @Override
  public int encodedLength(int length) {
    return length;
  }

  @Override
  boolean encode(SendQueue pending, int opcode, DirectBuffer buffer, int offset, int length) {
    if (!pending.addUnframed(resources.buffers(), buffer, offset, length)) {
      return false;
    }
    resources.counters().increment(EngineCounter.STREAM_TRANSMITTED_MESSAGES);
    return true;
  }

  private void sendControl(byte[] bytes) {
    queue().addUnframed(resources.buffers(), bytes);
    owner.markDirty();
  }

  // ---- Keep-alive ----

  @Override
  long sendKeepAlive(KeepAlivePolicy policy) {
    if (policy.mechanism == KeepAliveMechanism.PONG) {
      sendControl(framing.pong());
      return keepAlive.onPongSent(policy, resources);
    }
    return sendPing(policy);
  }

  private long sendPing(KeepAlivePolicy policy) {
    sendControl(framing.ping());
    framing.onPingSent();
    return keepAlive.onPingSent(policy, resources, 0);
  }

  /** Pings are the client's: false in the server role. None is sent while one is unanswered. */
  @Override
  public boolean ping() {
    assert owner.isCurrent() : "ping from a thread other than the shard's: use Engine.run";
    if (!mayWrite() || context.role() == Role.SERVER) {
      return false;
    }
    if (!keepAlive.isUnanswered()) {
      resources.counters().increment(EngineCounter.PINGS_SENT);
      lookAgainBy(sendPing(context.keepAlivePolicy()));
    }
    return true;
  }

  @Override
  public boolean pong() {
    assert owner.isCurrent() : "pong from a thread other than the shard's: use Engine.run";
    if (!mayWrite()) {
      return false;
    }
    sendControl(framing.pong());
    return true;
  }

  // ---- Closing ----

  @Override
  void onEndOfOpenInput() {
    if (!framing.isBetweenMessages()) {
      terminate(Initiator.REMOTE, null, null);
      return;
    }
    leaveOpen(Closing.ofStream(Initiator.REMOTE, "", null));
    closing.onEndOfInput();
    closeBy(context.timeouts().failNs());
  }

  @Override
  void beginClosing(int code, String reason) {
    leaveOpen(Closing.ofStream(Initiator.LOCAL, reason, null));
  }

  @Override
  void beginFailing(Violation violation) {
    leaveOpen(Closing.ofStream(Initiator.LOCAL, violation.text(), violation));
  }
}
