package org.millrace.engine.shard;

import org.millrace.engine.connection.ConnectionOwner;
import org.millrace.engine.frame.CloseCode;

/**
 * The end of a shard's connections when its engine stops: a Close with 1001 to each, a bounded
 * number in a duty cycle, and after the time-out no more waiting.
 */
final class Shutdown {
  private static final int CLOSES_PER_CYCLE = 256;

  private final long timeoutNs;
  private long deadlineNs = ConnectionOwner.NEVER;
  private int nextSlot;
  private boolean begun;

  Shutdown(long timeoutNs) {
    this.timeoutNs = timeoutNs;
  }

  /** Closes the next few, or after the deadline all; returns how many. */
  int closeSome(ConnectionTable table, long nowNs) {
    if (!begun) {
      begun = true;
      deadlineNs = nowNs + timeoutNs;
    }
    int closed = 0;
    while (nextSlot < table.slotsUsed() && closed < CLOSES_PER_CYCLE) {
      final ConnectionPort port = table.at(nextSlot++);
      if (port != null) {
        closed++;
        port.connection().close(CloseCode.GOING_AWAY, "");
      }
    }
    return nowNs >= deadlineNs ? closed + abortAll(table) : closed;
  }

  private static int abortAll(ConnectionTable table) {
    int aborted = 0;
    for (int slot = 0; slot < table.slotsUsed(); slot++) {
      final ConnectionPort port = table.at(slot);
      if (port != null) {
        aborted++;
        port.connection().abort(null);
      }
    }
    return aborted;
  }

  void waitNoLonger() {
    begun = true;
    deadlineNs = 0;
  }

  boolean isBegun() {
    return begun;
  }

  /** When connections that are still there are dropped. */
  long deadlineNs() {
    return deadlineNs;
  }
}
