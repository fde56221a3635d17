package org.millrace.jetty.upstream;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.millrace.engine.connection.ClosedEvent;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.MessageHandler;
import org.millrace.jetty.wire.HandlerBefore;

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

  private final class Known extends HandlerBefore {
    private Known(MessageHandler next) {
      super(next);
    }

    @Override
    public void onOpened(Connection connection) {
      ids.add(connection.id());
      super.onOpened(connection);
    }

    @Override
    public void onClosed(Connection connection, ClosedEvent event) {
      try {
        super.onClosed(connection, event);
      } finally {
        remove(connection.id());
      }
    }
  }
}
