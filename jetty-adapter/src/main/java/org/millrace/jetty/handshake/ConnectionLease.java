package org.millrace.jetty.handshake;

import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/** A connection's place in the {@link HandshakeLimits}, given back exactly once. */
public final class ConnectionLease {
  private static final AtomicIntegerFieldUpdater<ConnectionLease> STATE =
      AtomicIntegerFieldUpdater.newUpdater(ConnectionLease.class, "state");
  private static final int HELD = 0;
  private static final int BINDING = 1;
  private static final int RELEASED = 2;

  private final HandshakeLimits limits;
  private final boolean overTotal;
  private boolean bound;
  private boolean overAddress;
  private AddressTable.Entry address;

  @SuppressWarnings("unused") // by name only
  private volatile int state = HELD;

  ConnectionLease(HandshakeLimits limits, boolean overTotal) {
    this.limits = limits;
    this.overTotal = overTotal;
  }

  /**
   * Counts the connection for its address too, once that is known. Called at most once, by the
   * thread that opens the connection or by the one that reads its head.
   *
   * @return false if the connection is to be closed at once.
   */
  boolean bind(InetAddress client) {
    if (!limits.limitsConnectionsPerAddress() || !STATE.compareAndSet(this, HELD, BINDING)) {
      return true;
    }
    bound = true;
    address = limits.open(client);
    overAddress = address == null || limits.isOver(address);
    final boolean counted = address != null;
    if (!STATE.compareAndSet(this, BINDING, HELD)) {
      // Released meanwhile: that left the address to this thread.
      limits.close(address);
    }
    return counted;
  }

  /** Whether {@link #bind} was called. */
  boolean isBound() {
    return bound;
  }

  /** Whether there were too many connections in all when this one was accepted. */
  boolean isOverTotal() {
    return overTotal;
  }

  /** Whether its address has too many. */
  boolean isOverAddress() {
    return overAddress;
  }

  /** Gives the place back; does nothing if that was done before. */
  public void release() {
    if (STATE.getAndSet(this, RELEASED) == HELD) {
      limits.close(address);
    }
  }
}
