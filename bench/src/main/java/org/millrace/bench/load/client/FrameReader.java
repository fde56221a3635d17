package org.millrace.bench.load.client;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Takes a server's bytes apart, as far as a client has to: data messages, whole or in pieces, and
 * control frames. Bytes in network order; nothing is copied.
 */
final class FrameReader {
  private static final int FIN = 0x80;
  private static final int RESERVED = 0x70;
  private static final int MOST_CONTROL = 125;
  private static final int CONTINUATION = 0;

  /** Where the parts go. */
  interface Sink {
    void data(ByteBuffer bytes, int from, int to, boolean first, boolean last) throws IOException;

    void control(int opcode, byte[] payload, int length) throws IOException;
  }

  private final byte[] header = new byte[10];
  private int headerRead;
  private int headerLength = 2;
  private long left;
  private boolean inPayload;
  private boolean inMessage;
  private boolean firstPiece;
  private byte[] control;
  private int controlRead;

  /** Takes all bytes between position and limit. */
  void read(ByteBuffer bytes, Sink sink) throws IOException {
    final int end = bytes.limit();
    int at = bytes.position();
    while (at < end || (inPayload && left == 0)) {
      if (!inPayload) {
        header[headerRead++] = bytes.get(at++);
        if (headerRead == 2) {
          headerLength = headerLength(header[1] & 0x7F);
        }
        if (headerRead == headerLength && headerRead >= 2) {
          begin();
        }
      } else {
        final int to = at + (int) Math.min(left, end - at);
        left -= to - at;
        payload(bytes, at, to, sink);
        bytes.limit(end);
        at = to;
        inPayload = left > 0;
      }
    }
    bytes.position(end);
  }

  private static int headerLength(int length) {
    return length < 126 ? 2 : length == 126 ? 4 : 10;
  }

  private void begin() throws IOException {
    left = header[1] & 0x7F;
    if (left >= 126) {
      left = 0;
      for (int i = 2; i < headerLength; i++) {
        left = left << 8 | (header[i] & 0xFF);
      }
    }
    final int opcode = header[0] & 0xF;
    final boolean known = opcode <= 2 || (opcode >= 8 && opcode <= 10);
    final boolean inOrder = opcode >= 8 || (opcode == CONTINUATION) == inMessage;
    if (!known || !inOrder || left < 0 || (header[0] & RESERVED) != 0 || header[1] < 0) {
      throw new IOException("not a frame of a server");
    }
    if (opcode >= 8) {
      if (left > MOST_CONTROL || (header[0] & FIN) == 0) {
        throw new IOException("not a control frame");
      }
      control = new byte[(int) left];
      controlRead = 0;
    } else {
      firstPiece = opcode != CONTINUATION;
      inMessage = (header[0] & FIN) == 0;
    }
    headerRead = 0;
    headerLength = 2;
    inPayload = true;
  }

  private void payload(ByteBuffer bytes, int from, int to, Sink sink) throws IOException {
    final int opcode = header[0] & 0xF;
    if (opcode < 8) {
      sink.data(bytes, from, to, firstPiece, left == 0 && (header[0] & FIN) != 0);
      firstPiece = false;
      return;
    }
    bytes.get(from, control, controlRead, to - from);
    controlRead += to - from;
    if (left == 0) {
      sink.control(opcode, control, controlRead);
    }
  }
}
