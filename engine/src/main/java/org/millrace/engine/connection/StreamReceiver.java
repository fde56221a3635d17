package org.millrace.engine.connection;

import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.frame.Violation;
import org.millrace.engine.message.MessageAssembler;
import org.millrace.engine.status.EngineCounter;

/**
 * The way of a stream's received bytes: find the ends of messages, assemble, deliver. One for a
 * shard; what has to be remembered between two reads is in the connection.
 *
 * <p>A message that lies whole in one read is delivered where it lies. Anything else goes through a
 * {@link MessageAssembler}.
 */
final class StreamReceiver {
  private final ConnectionResources resources;
  private final UnsafeBuffer assembled = new UnsafeBuffer(0, 0);

  StreamReceiver(ConnectionResources resources) {
    this.resources = resources;
  }

  /**
   * Takes the bytes of one read.
   *
   * @param bytes direct and in native order.
   * @param view the same memory with the same indexes, to be handed to the handler.
   */
  void receive(
      StreamConnection connection, ByteBuffer bytes, DirectBuffer view, int offset, int length) {
    final StreamFraming framing = connection.framing();
    final int limit = offset + length;
    int at = offset;
    while (at < limit && connection.isReading()) {
      final int found = framing.next(bytes, at, limit);
      if (found == StreamFraming.NEED_MORE) {
        if (!framing.isBetweenMessages()) {
          onIncomplete(connection, bytes, at, limit - at);
        }
        return;
      }
      final int end = framing.position();
      switch (found) {
        case StreamFraming.MESSAGE -> {
          resources.counters().increment(EngineCounter.STREAM_RECEIVED_MESSAGES);
          onWhole(connection, false, bytes, view, at, end - at);
        }
        case StreamFraming.FAILED -> onWhole(connection, true, bytes, view, at, end - at);
        case StreamFraming.PING -> connection.onPing();
        case StreamFraming.PONG -> connection.onPong();
        default -> {
          // noise
        }
      }
      at = end;
    }
  }

  private void onIncomplete(StreamConnection connection, ByteBuffer bytes, int offset, int length) {
    final Violation violation =
        connection.assembler().append(resources.buffers(), false, bytes, offset, length);
    if (violation != null) {
      connection.fail(violation);
    } else {
      connection.onReadIncomplete(length);
    }
  }

  /** All there will be of a message has come. */
  private void onWhole(
      StreamConnection connection,
      boolean malformed,
      ByteBuffer bytes,
      DirectBuffer view,
      int offset,
      int length) {
    if (!connection.hasAssembler()) {
      deliver(connection, malformed, view, offset, length);
      return;
    }
    // Detached first: whatever the handler does to the connection, the bytes stay until it returns.
    final MessageAssembler assembler = connection.detachAssembler();
    try {
      final Violation violation =
          assembler.append(resources.buffers(), false, bytes, offset, length);
      if (violation != null) {
        connection.fail(violation);
        return;
      }
      assembled.wrap(assembler.message());
      deliver(connection, malformed, assembled, 0, assembler.messageLength());
    } finally {
      resources.giveBack(assembler);
    }
  }

  private static void deliver(
      StreamConnection connection, boolean malformed, DirectBuffer buffer, int offset, int length) {
    if (malformed) {
      connection.onMalformed(buffer, offset, length);
    } else {
      connection.deliver(Opcode.BINARY, buffer, offset, length);
    }
  }
}
