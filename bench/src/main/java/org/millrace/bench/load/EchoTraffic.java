package org.millrace.bench.load;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.millrace.engine.frame.FrameEncoder;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.frame.Role;

/**
 * The text messages that a connection sends, over and over, and the bytes that an echo of them
 * consists of. Messages differ from one another, so that a lost or a doubled one is noticed. Made
 * once, read by all connections of a client.
 */
final class EchoTraffic {
  /** How many different messages there are; no more can be sent at once. */
  static final int MESSAGES = 16;

  /** Bytes; what a socket does not take at once has to be kept. */
  private static final int MOST_AT_ONCE = 64 * 1024;

  private static final int MASKING_KEY = 0x37FA213D;
  private static final int KEY_STEP = 0x01030709;

  private final int frameLength;
  private final int headerLength;
  private final int answerLength;

  /** Each message twice, so that as many as there are lie in a row from any of them on. */
  private final ByteBuffer frames;

  private final ByteBuffer answers;

  EchoTraffic(int payload) {
    frameLength = FrameEncoder.headerLength(Role.CLIENT, payload) + payload;
    headerLength = FrameEncoder.headerLength(Role.SERVER, payload);
    answerLength = headerLength + payload;
    frames = ByteBuffer.allocateDirect(2 * MESSAGES * frameLength).order(ByteOrder.nativeOrder());
    answers = ByteBuffer.allocateDirect(MESSAGES * answerLength).order(ByteOrder.nativeOrder());
    for (int i = 0; i < MESSAGES; i++) {
      final byte[] text = text(i, payload);
      encode(Role.CLIENT, text, i, frames, i * frameLength);
      encode(Role.CLIENT, text, i, frames, (MESSAGES + i) * frameLength);
      encode(Role.SERVER, text, i, answers, i * answerLength);
    }
  }

  private static byte[] text(int number, int length) {
    final StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      text.append("message ").append(number).append(" of ").append(MESSAGES).append("; ");
    }
    return text.substring(0, length).getBytes(StandardCharsets.US_ASCII);
  }

  private static void encode(Role role, byte[] text, int number, ByteBuffer target, int offset) {
    final int header = FrameEncoder.headerLength(role, text.length);
    target.put(offset + header, text);
    FrameEncoder.encode(
        role,
        Opcode.TEXT,
        true,
        target,
        offset,
        text.length,
        () -> MASKING_KEY + number * KEY_STEP);
  }

  /** A view of the frames for {@link #select}, for one thread. */
  ByteBuffer frames() {
    return frames.duplicate();
  }

  /** Sets a view to {@code count} frames, at most {@link #MESSAGES}, from a message on. */
  void select(ByteBuffer view, long firstMessage, int count) {
    final int first = (int) (firstMessage % MESSAGES);
    view.limit((first + count) * frameLength).position(first * frameLength);
  }

  /** A view of the answers for {@link #check}, for one thread. */
  ByteBuffer answers() {
    return answers.duplicate();
  }

  /**
   * How many of so many messages leave at once: as many as there are, but not more than a little.
   */
  int atOnce(long due) {
    return (int) Math.min(due, Math.max(1, Math.min(MESSAGES, MOST_AT_ONCE / frameLength)));
  }

  /** How many whole answers so many bytes are. */
  long messagesIn(long bytes) {
    return bytes / answerLength;
  }

  int answerLength() {
    return answerLength;
  }

  /**
   * Compares every byte received, header and text, with what the answers consist of.
   *
   * @param received position to limit is what came, behind {@code before} bytes of answers.
   * @param view of {@link #answers()}, to work with.
   * @throws WrongAnswerException at the first byte that differs.
   */
  void check(ByteBuffer received, long before, ByteBuffer view) throws WrongAnswerException {
    final int end = received.limit();
    long at = before;
    while (received.position() < end) {
      final int from = (int) (at % view.capacity());
      final int length = Math.min(end - received.position(), view.capacity() - from);
      view.limit(from + length).position(from);
      received.limit(received.position() + length);
      final int difference = received.mismatch(view);
      if (difference >= 0) {
        throw wrong(received, difference, at + difference);
      }
      received.position(received.limit()).limit(end);
      at += length;
    }
  }

  /**
   * Whether a piece of a message is the echo of that part of what was sent.
   *
   * @param piece position to limit.
   * @param message number of the message.
   * @param offset of the piece in it.
   * @param last whether the message ends with the piece.
   * @param view of {@link #answers()}, to work with.
   */
  boolean isEcho(ByteBuffer piece, long message, int offset, boolean last, ByteBuffer view) {
    final int payload = answerLength - headerLength;
    final int end = offset + piece.remaining();
    if (end > payload || (last && end < payload)) {
      return false;
    }
    final int from = (int) (message % MESSAGES) * answerLength + headerLength;
    view.limit(from + end).position(from + offset);
    return piece.equals(view);
  }

  private WrongAnswerException wrong(ByteBuffer received, int difference, long at) {
    final long offset = at % answerLength;
    return new WrongAnswerException(
        String.format(
            Locale.ROOT,
            "answer %d of a connection is wrong: byte %d of the %s is 0x%02x",
            messagesIn(at),
            offset < headerLength ? offset : offset - headerLength,
            offset < headerLength ? "header" : "text",
            received.get(received.position() + difference)));
  }
}
