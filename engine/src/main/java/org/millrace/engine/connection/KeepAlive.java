package org.millrace.engine.connection;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Whether the peer lives (requirements ): when something was last heard of it, the
 * ping outstanding, and how fast it may ping us. A received byte costs one store; the wheel is
 * touched only when the timer fires.
 */
final class KeepAlive {
  private static final long NS_PER_MICRO = 1_000L;
  private static final long NS_PER_SECOND = 1_000_000_000L;

  private long lastReceivedNs;
  private long lastSentNs;
  private long pingPayload;
  private long pingsAllowedFromNs;
  private int rttMicros = -1;

  /** In seconds, which fit into what would be padding; whoever lists connections wants no more. */
  private int openedSeconds;

  private boolean awaitingPong;
  private boolean heardSincePing;

  /** What is next: a time, {@link #DUE} or {@link #DEAD}. */
  static final long DUE = -1;

  static final long DEAD = -2;

  void onOpened(long nowNs) {
    openedSeconds = (int) (nowNs / NS_PER_SECOND);
    onReceived(nowNs);
  }

  void onReceived(long nowNs) {
    lastReceivedNs = nowNs;
    heardSincePing = true;
  }

  /**
   * The time at which to look again; or that something has to be sent; or that the peer is dead.
   */
  long check(KeepAlivePolicy policy, ConnectionResources resources) {
    if (policy.mechanism == KeepAliveMechanism.NONE) {
      return ConnectionOwner.NEVER;
    }
    final long nowNs = resources.nowNs();
    if (awaitingPong && !heardSincePing) {
      final long deadlineNs = lastSentNs + policy.pongTimeoutNs;
      return nowNs >= deadlineNs ? DEAD : deadlineNs;
    }
    final long idleSinceNs =
        policy.mechanism == KeepAliveMechanism.PONG
            ? Math.max(lastReceivedNs, lastSentNs)
            : lastReceivedNs;
    return nowNs >= idleSinceNs + policy.timeoutNs - policy.jitterNs
        ? DUE
        : idleDeadline(policy, resources, idleSinceNs);
  }

  private static long idleDeadline(
      KeepAlivePolicy policy, ConnectionResources resources, long idleSinceNs) {
    final long jitterNs =
        policy.jitterNs == 0 ? 0 : resources.random().nextLong(policy.jitterNs + 1);
    return idleSinceNs + policy.timeoutNs - jitterNs;
  }

  /** Notes that a pong is sent now that answers nothing; returns when to look again. */
  long onPongSent(KeepAlivePolicy policy, ConnectionResources resources) {
    lastSentNs = resources.nowNs();
    awaitingPong = false; // of a ping asked for: its time is not known any more
    return idleDeadline(policy, resources, lastSentNs);
  }

  /** Notes that a ping is sent now; returns when to look again. */
  long onPingSent(KeepAlivePolicy policy, ConnectionResources resources, long payload) {
    lastSentNs = resources.nowNs();
    pingPayload = payload;
    awaitingPong = true;
    heardSincePing = false;
    if (policy.mechanism == KeepAliveMechanism.NONE) {
      return ConnectionOwner.NEVER;
    }
    // Whichever comes first: the peer may answer at once and be due again before a late pong would
    // be.
    return Math.min(lastSentNs + policy.pongTimeoutNs, idleDeadline(policy, resources, lastSentNs));
  }

  /** Whether a ping has been sent and nothing at all has come since. */
  boolean isUnanswered() {
    return awaitingPong && !heardSincePing;
  }

  boolean isAwaitingPong() {
    return awaitingPong;
  }

  long pingPayload() {
    return pingPayload;
  }

  /** Whether a pong with this payload confirms the ping outstanding. */
  boolean onPong(KeepAlivePolicy policy, long nowNs, ByteBuffer buffer, int offset, int length) {
    return isPingPayload(policy, buffer, offset, length) && onPong(nowNs);
  }

  /** Whether a pong that has no payload confirms the ping outstanding. */
  boolean onPong(long nowNs) {
    if (!awaitingPong) {
      return false;
    }
    awaitingPong = false;
    rttMicros = (int) Math.min(Integer.MAX_VALUE, (nowNs - lastSentNs) / NS_PER_MICRO);
    return true;
  }

  private boolean isPingPayload(KeepAlivePolicy policy, ByteBuffer buffer, int offset, int length) {
    if (policy.data == null) {
      return length == Long.BYTES && nativeOrder(buffer.getLong(offset)) == pingPayload;
    }
    if (length != policy.data.length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (buffer.get(offset + i) != policy.data[i]) {
        return false;
      }
    }
    return true;
  }

  private static long nativeOrder(long value) {
    return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? Long.reverseBytes(value) : value;
  }

  /** Whether the peer may send a ping now, by its rate and burst. */
  boolean allowsPing(KeepAlivePolicy policy, long nowNs) {
    final long fromNs = Math.max(pingsAllowedFromNs, nowNs);
    if (fromNs - nowNs > policy.pingToleranceNs) {
      return false;
    }
    pingsAllowedFromNs = fromNs + policy.pingIntervalNs;
    return true;
  }

  long openedNs() {
    return openedSeconds * NS_PER_SECOND;
  }

  long lastReceivedNs() {
    return lastReceivedNs;
  }

  int rttMicros() {
    return rttMicros;
  }
}
