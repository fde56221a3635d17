package org.millrace.jetty;

import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.MessageHandler;
import org.millrace.jetty.wire.HandlerBefore;

/** Attaches what is known of a connection to it, a {@link Flow} or {@link CoreFlow}. */
final class FlowHandler extends HandlerBefore {
  private final Object flow;

  /** Of a client's connection. */
  FlowHandler(Flow flow, MessageHandler next) {
    this((Object) flow, next);
  }

  /** Of a connection with the core. */
  FlowHandler(CoreFlow flow, MessageHandler next) {
    this((Object) flow, next);
  }

  private FlowHandler(Object flow, MessageHandler next) {
    super(next);
    this.flow = flow;
  }

  @Override
  public void onOpened(Connection connection) {
    connection.attach(flow);
    super.onOpened(connection);
  }
}
