package org.millrace.engine.frame;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.reference.Bytes;
import org.millrace.engine.reference.Decided;
import org.millrace.engine.reference.Event;

/**
 * Drives a {@link FrameDecoder} read by read, gathers pieces to messages, and lists the events in
 * the terms of the reference. What the decoder promises about each call is checked on the way.
 */
final class DecoderDriver {
  private static final int GUARD_LENGTH = 16;
  private static final byte GUARD = 0x5A;

  private final ByteBuffer controlPayload = direct(FrameLayout.MAX_SHORT_PAYLOAD);
  private ByteBuffer buffer = direct(4096);

  private FrameDecoder decoder;
  private List<Decided> decided;
  private ByteArrayOutputStream message;
  private boolean messageOpen;
  private boolean text;
  private int utf8State;
  private int controlLength;
  private boolean frameEnded;
  private int lastFrameEnd;
  private int readEnd;
  private boolean done;

  static ByteBuffer direct(int capacity) {
    return ByteBuffer.allocateDirect(capacity).order(ByteOrder.nativeOrder());
  }

  static int[] everyByte(Bytes stream) {
    final int[] ends = new int[stream.length()];
    for (int i = 0; i < ends.length; i++) {
      ends[i] = i + 1;
    }
    return ends;
  }

  /**
   * Decodes a whole stream.
   *
   * @param base where in the buffer each read lies, to try all alignments.
   * @param ends where the reads end, ascending; the last one is the length of the stream. Two equal
   *     ones are an empty read.
   * @return the events, each with the end of the read in which it became known.
   */
  List<Decided> decode(FrameRules rules, Bytes stream, int base, int... ends) {
    decoder = new FrameDecoder(rules);
    decided = new ArrayList<>();
    message = new ByteArrayOutputStream();
    messageOpen = false;
    controlLength = 0;
    frameEnded = true;
    lastFrameEnd = 0;
    done = false;
    final byte[] bytes = stream.toArray();
    int begin = 0;
    for (int end : ends) {
      readEnd = end;
      read(bytes, begin, end, GUARD_LENGTH + base);
      begin = end;
    }
    check(done || begin == bytes.length, "the whole stream is read");
    return decided;
  }

  private void read(byte[] stream, int from, int to, int offset) {
    final int length = to - from;
    final int limit = offset + length;
    if (buffer.capacity() < limit + GUARD_LENGTH) {
      buffer = direct(2 * (limit + GUARD_LENGTH));
    }
    setGuards(offset, limit);
    buffer.put(offset, stream, from, length);
    int at = offset;
    while (!done) {
      final int result = decoder.decode(buffer, at, limit);
      if (result == FrameDecoder.FAILED) {
        check(decoder.decode(buffer, at, limit) == FrameDecoder.FAILED, "a failure is final");
        fail(decoder.violation());
      } else if (result == FrameDecoder.NEED_MORE) {
        check(decoder.position() == limit, "NEED_MORE means that all bytes are used");
        break;
      } else {
        onPiece(at, limit);
        at = decoder.position();
        if (decoder.isFrameEnd()) {
          lastFrameEnd = from + at - offset;
        }
      }
    }
    if (!done) {
      final boolean between = frameEnded && !messageOpen && to == lastFrameEnd;
      check(decoder.isBetweenMessages() == between, "isBetweenMessages is " + between);
    }
    checkGuards(offset, limit);
  }

  private void onPiece(int at, int limit) {
    final int offset = decoder.payloadOffset();
    final int length = decoder.payloadLength();
    check(offset >= at && offset + length <= limit, "the piece lies in the bytes at hand");
    check(offset + length == decoder.position(), "decoding goes on behind the piece");
    check(decoder.isFrameStart() == frameEnded, "isFrameStart is " + frameEnded);
    check(length > 0 || decoder.isFrameEnd(), "only an empty frame has an empty piece");
    frameEnded = decoder.isFrameEnd();
    if (decoder.isControl()) {
      onControlPiece(offset, length);
    } else {
      onDataPiece(offset, length);
    }
  }

  private void onDataPiece(int offset, int length) {
    if (decoder.isFrameStart() && decoder.opcode() != Opcode.CONTINUATION) {
      message.reset();
      messageOpen = true;
      text = decoder.opcode() == Opcode.TEXT;
      utf8State = Utf8.ACCEPT;
    }
    check(decoder.messageType() == (text ? Opcode.TEXT : Opcode.BINARY), "messageType");
    for (int i = offset; i < offset + length; i++) {
      message.write(buffer.get(i));
    }
    final boolean messageEnd = decoder.isFrameEnd() && decoder.fin();
    if (text) {
      utf8State = Utf8.validate(buffer, offset, length, utf8State);
      if (utf8State == Utf8.REJECT || (messageEnd && utf8State != Utf8.ACCEPT)) {
        fail(Violation.TEXT_NOT_UTF8);
        return;
      }
    }
    if (messageEnd) {
      messageOpen = false;
      happens(new Event.Message(text, Bytes.of(message.toByteArray())));
    }
  }

  private void onControlPiece(int offset, int length) {
    controlPayload.put(controlLength, buffer, offset, length);
    controlLength += length;
    if (!decoder.isFrameEnd()) {
      return;
    }
    switch (decoder.opcode()) {
      case Opcode.PING -> happens(new Event.Ping(controlPayload()));
      case Opcode.PONG -> happens(new Event.Pong(controlPayload()));
      default -> onClose();
    }
    controlLength = 0;
  }

  private void onClose() {
    final Violation violation = ClosePayload.check(controlPayload, 0, controlLength);
    if (violation != null) {
      fail(violation);
      return;
    }
    happens(
        new Event.Close(
            ClosePayload.code(controlPayload, 0, controlLength),
            ClosePayload.reason(controlPayload, 0, controlLength)));
    done = true;
  }

  private Bytes controlPayload() {
    final byte[] payload = new byte[controlLength];
    controlPayload.get(0, payload);
    return Bytes.of(payload);
  }

  private void fail(Violation violation) {
    happens(new Event.Failed(violation));
    done = true;
  }

  private void happens(Event event) {
    decided.add(new Decided(event, readEnd));
  }

  private void setGuards(int offset, int limit) {
    for (int i = 0; i < GUARD_LENGTH; i++) {
      buffer.put(offset - 1 - i, GUARD);
      buffer.put(limit + i, GUARD);
    }
  }

  private void checkGuards(int offset, int limit) {
    for (int i = 0; i < GUARD_LENGTH; i++) {
      check(buffer.get(offset - 1 - i) == GUARD, "bytes before the read stay as they are");
      check(buffer.get(limit + i) == GUARD, "bytes behind the read stay as they are");
    }
  }

  private static void check(boolean asPromised, String promise) {
    if (!asPromised) {
      throw new AssertionError("Broken: " + promise);
    }
  }
}
