package org.millrace.engine.shard;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * The ring through which bytes and messages come into a shard from other threads. Any thread
 * writes, the shard reads. A record that does not fit is refused, never waited for.
 *
 * <p>The memory is also reachable as a direct ByteBuffer in native order with the same indexes,
 * because C2 makes much better loops over that than over an Agrona buffer.
 */
final class InboundRing {
  private final ByteBuffer memory;
  private final ManyToOneRingBuffer ring;
  private final int maxBytes;
  private final int maxMessage;

  InboundRing(int capacity) {
    memory =
        BufferUtil.allocateDirectAligned(
                capacity + RingBufferDescriptor.TRAILER_LENGTH, BitUtil.CACHE_LINE_LENGTH)
            .order(ByteOrder.nativeOrder());
    ring = new ManyToOneRingBuffer(new UnsafeBuffer(memory));
    maxBytes = ring.maxMsgLength() - RingRecord.BYTES_HEADER;
    maxMessage = ring.maxMsgLength() - RingRecord.SEND_HEADER;
  }

  /**
   * Copies what lies between the position and the limit of {@code bytes}, in several records if it
   * is much, moving the position over what found room.
   *
   * @return whether that was all.
   */
  boolean deliver(long id, ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      final int length = Math.min(bytes.remaining(), maxBytes);
      final int index = ring.tryClaim(RingRecord.BYTES, RingRecord.BYTES_HEADER + length);
      if (index < 0) {
        return false;
      }
      try {
        final AtomicBuffer buffer = ring.buffer();
        RingRecord.id(buffer, index, id);
        buffer.putBytes(index + RingRecord.BYTES_HEADER, bytes, bytes.position(), length);
      } catch (Throwable t) {
        ring.abort(index);
        throw t;
      }
      ring.commit(index);
      bytes.position(bytes.position() + length);
    }
    return true;
  }

  /** Longest message that {@link #send} can take, in bytes. */
  int maxMessageLength() {
    return maxMessage;
  }

  /** Copies a message to be sent; returns whether there was room. */
  boolean send(long id, int opcode, DirectBuffer source, int offset, int length) {
    final int index = ring.tryClaim(RingRecord.SEND, RingRecord.SEND_HEADER + length);
    if (index < 0) {
      return false;
    }
    try {
      final AtomicBuffer buffer = ring.buffer();
      RingRecord.id(buffer, index, id);
      RingRecord.opcode(buffer, index, opcode);
      buffer.putBytes(index + RingRecord.SEND_HEADER, source, offset, length);
    } catch (Throwable t) {
      ring.abort(index);
      throw t;
    }
    ring.commit(index);
    return true;
  }

  /**
   * Reads up to {@code limit} records; shard only.
   *
   * @return how much was done: not 0 either when there was nothing but the padding at the ring's
   *     end, behind which there may be records.
   */
  int read(MessageHandler handler, int limit) {
    final long before = ring.consumerPosition();
    final int records = ring.read(handler, limit);
    return records == 0 && ring.consumerPosition() != before ? 1 : records;
  }

  /** The ring's memory, with the same indexes as in records. */
  ByteBuffer memory() {
    return memory;
  }

  /** Every record claimed so far lies below this position. */
  long producerPosition() {
    return ring.producerPosition();
  }

  /** Every record below this position has been read. */
  long consumerPosition() {
    return ring.consumerPosition();
  }

  boolean isEmpty() {
    return ring.consumerPosition() == ring.producerPosition();
  }
}
