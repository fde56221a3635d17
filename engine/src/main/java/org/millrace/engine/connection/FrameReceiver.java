package org.millrace.engine.connection;

import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.engine.frame.ClosePayload;
import org.millrace.engine.frame.FrameDecoder;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.frame.Utf8;
import org.millrace.engine.frame.Violation;
import org.millrace.engine.message.MessageAssembler;
import org.millrace.engine.status.Counters;
import org.millrace.engine.status.EngineCounter;

/**
 * The way of received bytes: decode, unmask, validate, assemble, deliver. One for a shard; what has
 * to be remembered between two reads is in the connection.
 *
 * <p>A message that lies whole in one frame and one read is delivered where it lies. Anything else
 * goes through a {@link MessageAssembler}.
 */
final class FrameReceiver {
  private final ConnectionResources resources;
  private final UnsafeBuffer assembled = new UnsafeBuffer(0, 0);

  FrameReceiver(ConnectionResources resources) {
    this.resources = resources;
  }

  /**
   * Takes the bytes of one read.
   *
   * @param bytes direct and in native order.
   * @param view the same memory with the same indexes, to be handed to the handler.
   */
  void receive(
      WebSocketConnection connection, ByteBuffer bytes, DirectBuffer view, int offset, int length) {
    final FrameDecoder decoder = connection.decoder();
    final int limit = offset + length;
    int at = offset;
    int begin = offset; // of what may be incomplete at the end of this read
    while (true) {
      final int found = decoder.decode(bytes, at, limit);
      if (found == FrameDecoder.NEED_MORE) {
        break;
      }
      if (found == FrameDecoder.FAILED) {
        resources.counters().increment(EngineCounter.RECEIVED_FRAMES);
        connection.fail(decoder.violation());
        return;
      }
      at = decoder.position();
      onPiece(connection, decoder, bytes, view);
      if (!connection.isReading()) {
        return;
      }
      if (decoder.isBetweenMessages()) {
        begin = at;
        connection.releaseAssembler();
      }
    }
    // What is incomplete starts, or goes on, being timed and counted.
    if (!decoder.isBetweenMessages() && connection.state() == ConnectionState.OPEN) {
      connection.onReadIncomplete(limit - begin);
    }
  }

  private void onPiece(
      WebSocketConnection connection, FrameDecoder decoder, ByteBuffer bytes, DirectBuffer view) {
    if (decoder.isFrameStart()) {
      countFrame(connection, decoder);
    }
    if (decoder.isControl()) {
      onControlPiece(connection, decoder, bytes);
    } else if (connection.state() == ConnectionState.OPEN) {
      onDataPiece(connection, decoder, bytes, view);
    }
  }

  private void countFrame(WebSocketConnection connection, FrameDecoder decoder) {
    final Counters counters = resources.counters();
    counters.increment(EngineCounter.RECEIVED_FRAMES);
    if (!decoder.isControl()) {
      counters.addToTwin(EngineCounter.RECEIVED_FRAMES, connection.context().subProtocol(), 1);
    }
  }

  private void onDataPiece(
      WebSocketConnection connection, FrameDecoder decoder, ByteBuffer bytes, DirectBuffer view) {
    final int offset = decoder.payloadOffset();
    final int length = decoder.payloadLength();
    final boolean ends = decoder.isFrameEnd() && decoder.fin();
    if (ends && decoder.isFrameStart() && decoder.opcode() != Opcode.CONTINUATION) {
      final int opcode = receivedOpcode(connection, decoder, bytes, offset, length);
      if (opcode < 0) {
        connection.fail(Violation.TEXT_NOT_UTF8);
        return;
      }
      connection.releaseAssembler();
      connection.deliver(opcode, view, offset, length);
      return;
    }
    final MessageAssembler assembler = connection.assembler();
    final boolean checksText =
        decoder.messageType() == Opcode.TEXT && !connection.context().tolerateInvalidUtf8();
    final Violation violation =
        assembler.append(resources.buffers(), checksText, bytes, offset, length);
    if (violation != null) {
      connection.fail(violation);
    } else if (ends) {
      deliverAssembled(connection, decoder);
    }
  }

  private void deliverAssembled(WebSocketConnection connection, FrameDecoder decoder) {
    // Detached first: whatever the handler does to the connection, the bytes stay until it returns.
    final MessageAssembler assembler = connection.detachAssembler();
    try {
      final ByteBuffer message = assembler.message();
      final int opcode =
          assembler.endsWithinCodePoint()
              ? -1
              : connection.context().tolerateInvalidUtf8() && message != null
                  ? receivedOpcode(connection, decoder, message, 0, assembler.messageLength())
                  : decoder.messageType();
      if (opcode < 0) {
        connection.fail(Violation.TEXT_NOT_UTF8);
        return;
      }
      if (message == null) {
        assembled.wrap(0, 0);
      } else {
        assembled.wrap(message);
      }
      connection.deliver(opcode, assembled, 0, assembler.messageLength());
    } finally {
      resources.giveBack(assembler);
    }
  }

  /** The opcode of a whole message as the handler shall see it, negative if it is invalid text. */
  private static int receivedOpcode(
      WebSocketConnection connection,
      FrameDecoder decoder,
      ByteBuffer bytes,
      int offset,
      int length) {
    if (decoder.messageType() != Opcode.TEXT || Utf8.isValid(bytes, offset, length)) {
      return decoder.messageType();
    }
    return connection.context().tolerateInvalidUtf8() ? Opcode.BINARY : -1;
  }

  private void onControlPiece(
      WebSocketConnection connection, FrameDecoder decoder, ByteBuffer bytes) {
    final int offset = decoder.payloadOffset();
    final int length = decoder.payloadLength();
    if (decoder.isFrameStart() && decoder.isFrameEnd()) {
      onControl(connection, decoder.opcode(), bytes, offset, length);
      return;
    }
    connection.assembler().appendControl(resources.buffers(), bytes, offset, length);
    if (decoder.isFrameEnd()) {
      final MessageAssembler assembler = connection.assembler();
      onControl(connection, decoder.opcode(), assembler.control(), 0, assembler.controlLength());
      connection.endControl();
    }
  }

  private void onControl(
      WebSocketConnection connection, int opcode, ByteBuffer payload, int offset, int length) {
    switch (opcode) {
      case Opcode.PING -> connection.onPing(payload, offset, length);
      case Opcode.PONG -> connection.onPong(payload, offset, length);
      default -> onClose(connection, payload, offset, length);
    }
  }

  private static void onClose(
      WebSocketConnection connection, ByteBuffer payload, int offset, int length) {
    final Violation violation = ClosePayload.check(payload, offset, length);
    if (violation != null) {
      connection.fail(violation);
    } else {
      connection.onClose(
          ClosePayload.code(payload, offset, length), ClosePayload.reason(payload, offset, length));
    }
  }
}
