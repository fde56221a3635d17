package org.millrace.engine.harness;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.agrona.DirectBuffer;
import org.millrace.engine.connection.ClosedEvent;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.MessageHandler;

/** Notes everything that a connection tells its handler. */
public class RecordingHandler implements MessageHandler {
  /** A message as received, its payload in hexadecimal so that two are equal if they look it. */
  public record Received(int opcode, String payload) {}

  private final List<Received> messages = new ArrayList<>();
  private final List<ClosedEvent> closed = new ArrayList<>();
  private final List<String> calls = new ArrayList<>();
  private Connection connection;

  @Override
  public void onOpened(Connection opened) {
    connection = opened;
    calls.add("opened");
  }

  @Override
  public void onMessage(Connection from, int opcode, DirectBuffer buffer, int offset, int length) {
    final byte[] payload = new byte[length];
    buffer.getBytes(offset, payload);
    messages.add(new Received(opcode, HexFormat.of().formatHex(payload)));
    calls.add("message");
  }

  @Override
  public void onWritable(Connection writable) {
    calls.add("writable");
  }

  @Override
  public void onClosing(Connection closing) {
    calls.add("closing");
  }

  @Override
  public void onClosed(Connection gone, ClosedEvent event) {
    closed.add(event);
    calls.add("closed");
  }

  /** Null before the connection was opened. */
  public Connection connection() {
    return connection;
  }

  public List<Received> messages() {
    return messages;
  }

  /** Every closed event; there must never be two. */
  public List<ClosedEvent> closed() {
    return closed;
  }

  /** The closed event, of which there must be exactly one. */
  public ClosedEvent closedOnce() {
    if (closed.size() != 1) {
      throw new AssertionError("closed events: " + closed);
    }
    return closed.get(0);
  }

  /** opened, message, writable, closing, closed, in the order in which they came. */
  public List<String> calls() {
    return calls;
  }
}
