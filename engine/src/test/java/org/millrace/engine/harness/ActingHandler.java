package org.millrace.engine.harness;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.millrace.engine.connection.ClosedEvent;
import org.millrace.engine.connection.Connection;

/** A recording handler that also does something within its callbacks. */
public final class ActingHandler extends RecordingHandler {
  private final Map<String, Consumer<Connection>> actions = new HashMap<>();

  /**
   * Does {@code action} whenever that callback comes.
   *
   * @param call opened, message, writable, closing or closed.
   */
  public ActingHandler on(String call, Consumer<Connection> action) {
    actions.put(call, action);
    return this;
  }

  @Override
  public void onOpened(Connection opened) {
    super.onOpened(opened);
    act("opened", opened);
  }

  @Override
  public void onMessage(Connection from, int opcode, DirectBuffer buffer, int offset, int length) {
    super.onMessage(from, opcode, buffer, offset, length);
    act("message", from);
  }

  @Override
  public void onWritable(Connection writable) {
    super.onWritable(writable);
    act("writable", writable);
  }

  @Override
  public void onClosing(Connection closing) {
    super.onClosing(closing);
    act("closing", closing);
  }

  @Override
  public void onClosed(Connection gone, ClosedEvent event) {
    super.onClosed(gone, event);
    act("closed", gone);
  }

  private void act(String call, Connection connection) {
    actions.getOrDefault(call, nobody -> {}).accept(connection);
  }
}
