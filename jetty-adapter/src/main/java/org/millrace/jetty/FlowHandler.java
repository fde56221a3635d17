package org.millrace.jetty;

import org.agrona.DirectBuffer;
import org.millrace.engine.connection.ClosedEvent;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.MessageHandler;

/** Attaches its flow to a connection, and is otherwise the handler that it stands before. */
final class FlowHandler implements MessageHandler {
  private final Flow flow;
  private final MessageHandler next;

  FlowHandler(Flow flow, MessageHandler next) {
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
