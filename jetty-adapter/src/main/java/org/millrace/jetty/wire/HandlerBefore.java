package org.millrace.jetty.wire;

import org.agrona.DirectBuffer;
import org.millrace.engine.connection.ClosedEvent;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.MessageHandler;
import org.millrace.engine.frame.Violation;

/** A handler that stands before another one, and is that one but for what a subclass adds. */
public abstract class HandlerBefore implements MessageHandler {
  private final MessageHandler next;

  protected HandlerBefore(MessageHandler next) {
    this.next = next;
  }

  @Override
  public void onOpened(Connection connection) {
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
    next.onClosed(connection, event);
  }
}
