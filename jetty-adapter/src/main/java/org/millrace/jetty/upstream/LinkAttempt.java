package org.millrace.jetty.upstream;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.DirectBuffer;
import org.eclipse.jetty.io.EndPoint;
import org.millrace.engine.connection.ClosedEvent;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.MessageHandler;
import org.millrace.engine.frame.CloseCode;
import org.millrace.engine.frame.Violation;

/**
 * One attempt of a {@link Link} to get a connection, and the connection that it becomes. It either
 * opens, which a shard finds, or is abandoned, which the control thread decides; never both.
 */
final class LinkAttempt implements MessageHandler {
  private enum State {
    PENDING,
    OPENED,
    ABANDONED
  }

  private final Link link;
  private final MessageHandler next;
  private final AtomicReference<State> state = new AtomicReference<>(State.PENDING);
  private volatile EndPoint endPoint;
  private long openedNs;

  LinkAttempt(Link link, MessageHandler next) {
    this.link = link;
    this.next = next;
  }

  /** There is a socket. Any thread. */
  void connected(EndPoint newEndPoint) {
    endPoint = newEndPoint;
    if (state.get() == State.ABANDONED) {
      newEndPoint.close();
    }
  }

  /** It has come to nothing. Any thread; heard once. */
  void failed(Throwable why) {
    link.attemptFailed(this, why);
  }

  /** Gives up; false if it has opened, or has been abandoned before. */
  boolean abandon() {
    if (!state.compareAndSet(State.PENDING, State.ABANDONED)) {
      return false;
    }
    final EndPoint current = endPoint;
    if (current != null) {
      current.close();
    }
    return true;
  }

  // --- the connection's shard -------------------------------------------------------------------

  @Override
  public void onOpened(Connection connection) {
    if (state.compareAndSet(State.PENDING, State.OPENED)) {
      next.onOpened(connection);
      openedNs = link.nowNs();
      link.opened(this, connection);
    } else {
      connection.close(CloseCode.GOING_AWAY, "");
    }
  }

  private boolean isOpened() {
    return state.get() == State.OPENED;
  }

  @Override
  public void onMessage(
      Connection connection, int opcode, DirectBuffer buffer, int offset, int length) {
    if (isOpened()) {
      next.onMessage(connection, opcode, buffer, offset, length);
    }
  }

  @Override
  public void onMalformed(
      Connection connection, Violation violation, DirectBuffer buffer, int offset, int length) {
    if (isOpened()) {
      next.onMalformed(connection, violation, buffer, offset, length);
    }
  }

  @Override
  public void onWritable(Connection connection) {
    if (isOpened()) {
      next.onWritable(connection);
    }
  }

  @Override
  public void onClosing(Connection connection) {
    if (isOpened()) {
      link.closing();
      next.onClosing(connection);
    }
  }

  @Override
  public void onClosed(Connection connection, ClosedEvent event) {
    if (isOpened()) {
      link.closed(this, event, Duration.ofNanos(link.nowNs() - openedNs));
      next.onClosed(connection, event);
    }
  }
}
