package org.millrace.engine.connection;

/** What one connection asks of the shard that owns it. Called on the shard's thread. */
public interface ConnectionOwner {
  /** No time at all. */
  long NEVER = Long.MAX_VALUE;

  /** Whether the calling thread is within the shard's duty cycle. */
  boolean isCurrent();

  /** Asks for {@link OwnedConnection#flush} at the end of this cycle. */
  void markDirty();

  /**
   * Asks for {@link OwnedConnection#onTimer} at {@code deadlineNs} or earlier. Costs nothing when
   * the timer is already armed for an earlier time.
   */
  void timerBy(long deadlineNs);

  /** The send queue has come over its high mark, or fallen well below it. */
  void congested(boolean congested);

  /** The connection is closed: forget it. */
  void closed(ClosedEvent event);
}
