package org.millrace.engine.message;

import java.nio.ByteBuffer;
import org.millrace.engine.frame.Utf8;
import org.millrace.engine.frame.Violation;

/**
 * A message under way: what of it has arrived, how long it has taken, in how many reads.
 *
 * <p>A connection has one only while a message or a frame is incomplete at the end of a read; a
 * message that lies whole in one frame and one read never sees it. Text is validated piece by
 * piece, so that an impossible byte fails the connection when it arrives (requirement A-41). A
 * control frame that is split over reads is gathered apart, for it may come in the middle of a
 * message.
 *
 * <p>Not thread-safe: owned by the shard, which keeps unused ones for the next message.
 */
public final class MessageAssembler {
  private static final long NS_PER_SECOND = 1_000_000_000L;

  private ByteBuffer message;
  private int messageLength;
  private int utf8State;
  private ByteBuffer control;
  private int controlLength;
  private long startNs;
  private long wireBytes;
  private int reads;

  /** Starts timing a message whose first byte was read at {@code nowNs}. */
  public void begin(long nowNs) {
    startNs = nowNs;
    wireBytes = 0;
    reads = 0;
    utf8State = Utf8.ACCEPT;
  }

  /**
   * Adds a piece of payload.
   *
   * @param buffer direct and in native order, valid during the call; the bytes are copied.
   * @return what is wrong with the message now, or null.
   */
  public Violation append(
      BufferPool pool, boolean text, ByteBuffer buffer, int offset, int length) {
    if (text) {
      utf8State = Utf8.validate(buffer, offset, length, utf8State);
      if (utf8State == Utf8.REJECT) {
        return Violation.TEXT_NOT_UTF8;
      }
    }
    final int needed = messageLength + length;
    if (message == null) {
      message = pool.acquire(needed);
      if (message == null) {
        return Violation.OUT_OF_BUFFERS;
      }
    } else if (needed > message.capacity()) {
      final ByteBuffer larger = pool.grow(message, messageLength, needed);
      if (larger == null) {
        return Violation.OUT_OF_BUFFERS;
      }
      message = larger;
    }
    message.put(messageLength, buffer, offset, length);
    messageLength = needed;
    return null;
  }

  /** Whether the text so far ends within a code point, which a finished message must not. */
  public boolean endsWithinCodePoint() {
    return utf8State != Utf8.ACCEPT;
  }

  /** Bytes of the message so far, from index 0; null if it has had no payload yet. */
  public ByteBuffer message() {
    return message;
  }

  public int messageLength() {
    return messageLength;
  }

  /** Adds a piece of a control frame's payload; a whole one is at most 125 bytes. */
  public void appendControl(BufferPool pool, ByteBuffer buffer, int offset, int length) {
    if (control == null) {
      control = pool.acquireAnyway(BufferPool.SMALLEST);
    }
    control.put(controlLength, buffer, offset, length);
    controlLength += length;
  }

  /** Payload of the control frame so far, from index 0; null if there is none. */
  public ByteBuffer control() {
    return control;
  }

  public int controlLength() {
    return controlLength;
  }

  /** Drops the control frame, which has been handled. */
  public void endControl(BufferPool pool) {
    if (control != null) {
      pool.release(control);
      control = null;
      controlLength = 0;
    }
  }

  /** Counts a read that left the message incomplete; says whether that was one too many. */
  public Violation onRead(MessageLimits limits, int bytes) {
    wireBytes += bytes;
    reads++;
    return reads >= limits.maxReads() ? Violation.TOO_MANY_READS : null;
  }

  /** What the time taken so far breaks, or null. */
  public Violation check(MessageLimits limits, long nowNs) {
    final long elapsedNs = nowNs - startNs;
    if (elapsedNs >= limits.timeoutNs()) {
      return Violation.MESSAGE_TIMEOUT;
    }
    return elapsedNs > sufficesForNs(limits) ? Violation.MESSAGE_TOO_SLOW : null;
  }

  /** When {@link #check} has to be asked next if no byte arrives before. */
  public long nextCheckNs(MessageLimits limits) {
    return startNs + Math.min(limits.timeoutNs(), sufficesForNs(limits) + 1);
  }

  /** How long the bytes so far keep up the least rate. */
  private long sufficesForNs(MessageLimits limits) {
    return limits.minRate() == 0
        ? limits.timeoutNs()
        : Math.max(
            limits.minRateGraceNs(),
            (long) ((double) wireBytes / limits.minRate() * NS_PER_SECOND));
  }

  /** Gives all buffers back; the assembler can then be used for another message. */
  public void reset(BufferPool pool) {
    endControl(pool);
    if (message != null) {
      pool.release(message);
      message = null;
      messageLength = 0;
    }
  }
}
