package org.millrace.jetty;

import org.agrona.DirectBuffer;
import org.millrace.engine.connection.ClosedEvent;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.MessageHandler;
import org.millrace.engine.frame.Violation;

/**
 * Attaches what is known of a connection to it, a {@link Flow} or {@link CoreFlow}, and is
 * otherwise the handler that it stands before.
 */
final class FlowHandler implements MessageHandler {
  private final Object flow;
  private final MessageHandler next;

  /** Of a client's connection. */
  FlowHandler(Flow flow, MessageHandler next) {
    this((Object) flow, next);
  }

  /** Of a connection with the core. */
  FlowHandler(CoreFlow flow, MessageHandler next) {
    this((Object) flow, next);
  }

  private FlowHandler(Object flow, MessageHandler next) {
    this.flow = flow;
    this.next = next;
  }

  @Override
  public void onOpened(Connection connection) {
    connection.attach(flow);
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
