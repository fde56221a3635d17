package org.millrace.jetty.upstream;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.millrace.engine.connection.ClosedEvent;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.MessageHandler;
import org.millrace.engine.frame.Violation;

/** The connections with the core that are open, so that they can be ended and that waited for. */
final class OpenConnections {
  private final Set<Long> ids = ConcurrentHashMap.newKeySet();
  private final Object empty = new Object();

  /** What {@code next} does, and is known here while it is open. */
  MessageHandler known(MessageHandler next) {
    return new Known(next);
  }

  Set<Long> ids() {
    return Set.copyOf(ids);
  }

  int count() {
    return ids.size();
  }

  private void remove(long id) {
    ids.remove(id);
    synchronized (empty) {
      empty.notifyAll();
    }
  }

  /** Waits until none is open; false if that was too long. */
  boolean awaitNone(Duration most) throws InterruptedException {
    final long deadlineNs = System.nanoTime() + most.toNanos();
    synchronized (empty) {
      while (!ids.isEmpty()) {
        final long leftNs = deadlineNs - System.nanoTime();
        if (leftNs <= 0) {
          return false;
        }
        TimeUnit.NANOSECONDS.timedWait(empty, Math.max(leftNs, 1_000_000));
      }
    }
    return true;
  }

  private final class Known implements MessageHandler {
    private final MessageHandler next;

    private Known(MessageHandler next) {
      this.next = next;
    }

    @Override
    public void onOpened(Connection connection) {
      ids.add(connection.id());
      next.onOpened(connection);
    }

    @Override
    public void onMessage(
        Connection connection, int opcode, DirectBuffer buffer, int offset, int length) {
      next.onMessage(connection, opcode, buffer, offset, length);
    }

    @Override
    public void onMalformed(
        Connection connection, Violation violation, DirectBuffer buffer, int offset, int length) {
      next.onMalformed(connection, violation, buffer, offset, length);
    }

    @Override
    public void onWritable(Connection connection) {
      next.onWritable(connection);
    }

    @Override
    public void onClosing(Connection connection) {
      next.onClosing(connection);
    }

    @Override
    public void onClosed(Connection connection, ClosedEvent event) {
      try {
        next.onClosed(connection, event);
      } finally {
        remove(connection.id());
      }
    }
  }
}
