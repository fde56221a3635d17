package org.millrace.jetty;

import org.agrona.DirectBuffer;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.MessageHandler;

/** The sub-protocol {@code echo}: every message goes back as it came. Without state. */
final class EchoHandler implements MessageHandler {
  static final EchoHandler INSTANCE = new EchoHandler();

  private EchoHandler() {}

  @Override
  public void onMessage(
      Connection connection, int opcode, DirectBuffer buffer, int offset, int length) {
    // A peer that does not read what it asked for is ended by the send queue's limit.
    connection.send(opcode, buffer, offset, length);
  }
}
