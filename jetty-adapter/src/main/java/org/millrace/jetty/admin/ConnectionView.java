package org.millrace.jetty.admin;

import java.net.SocketAddress;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.ConnectionState;

/** A connection as it was when its shard was asked. */
record ConnectionView(
    long id,
    SocketAddress remote,
    SocketAddress local,
    FlowView flow,
    ConnectionState state,
    boolean awaitingPong,
    long openedNs,
    long lastReceivedNs,
    int rttMicros,
    int queuedBytes) {
  private static final long NS_PER_SECOND = 1_000_000_000L;

  /** On the connection's shard. */
  static ConnectionView of(Connection connection, FlowView flow) {
    return new ConnectionView(
        connection.id(),
        connection.remoteAddress(),
        connection.localAddress(),
        flow,
        connection.state(),
        connection.isAwaitingPong(),
        connection.openedNs(),
        connection.lastReceivedNs(),
        connection.rttMicros(),
        connection.queuedBytes());
  }

  long idleSeconds(long nowNs) {
    return Math.max(0, nowNs - lastReceivedNs) / NS_PER_SECOND;
  }

  long ageSeconds(long nowNs) {
    return Math.max(0, nowNs - openedNs) / NS_PER_SECOND;
  }
}
