package org.millrace.bench.shard;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/** A ring as a shard has it, with nobody behind it: records of an id and bytes. */
final class HandOffRing {
  private static final int CAPACITY = 4 * 1024 * 1024;
  private static final int TYPE = 1;
  private static final int HEADER = Long.BYTES;

  private final ManyToOneRingBuffer ring =
      new ManyToOneRingBuffer(
          new UnsafeBuffer(
              BufferUtil.allocateDirectAligned(
                  CAPACITY + RingBufferDescriptor.TRAILER_LENGTH, BitUtil.CACHE_LINE_LENGTH)));
  private final ByteBuffer bytes;

  HandOffRing(byte[] record) {
    bytes = ByteBuffer.allocateDirect(record.length).order(ByteOrder.nativeOrder()).put(0, record);
  }

  /** Copies one record in; false if there is no room. */
  boolean offer(long id) {
    final int index = ring.tryClaim(TYPE, HEADER + bytes.capacity());
    if (index < 0) {
      return false;
    }
    final AtomicBuffer buffer = ring.buffer();
    buffer.putLong(index, id);
    buffer.putBytes(index + HEADER, bytes, 0, bytes.capacity());
    ring.commit(index);
    return true;
  }

  /** Hands records to {@code handler}, 0 of them also where the ring begins anew. */
  int read(MessageHandler handler, int limit) {
    return ring.read(handler, limit);
  }
}
