package org.millrace.engine.message;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;

/**
 * Direct, native-order buffers in sizes that are powers of two, for one shard.
 *
 * <p>Buffers exist only while something is under way: an incomplete message, a batch to send. What
 * is acquired is released in {@code finally} or by the completion of the write that it was handed
 * to. Memory is bounded: {@code limit} bytes in use, of which at most {@code retained} are kept
 * when they are given back.
 *
 * <p>Not thread-safe: owned by the shard.
 */
public final class BufferPool {
  public static final int SMALLEST = 256;
  private static final int SMALLEST_SHIFT = Integer.numberOfTrailingZeros(SMALLEST);
  private static final int CLASSES = Integer.SIZE - 1 - SMALLEST_SHIFT;

  private final ArrayDeque<ByteBuffer>[] free;
  private final long limit;
  private final long retained;
  private long inUse;
  private long waiting;

  /**
   * @param limit most bytes in use at once.
   * @param retained most bytes that wait for use.
   */
  @SuppressWarnings({"unchecked", "rawtypes"}) // no generic arrays in Java
  public BufferPool(long limit, long retained) {
    this.limit = limit;
    this.retained = retained;
    free = new ArrayDeque[CLASSES];
    for (int i = 0; i < CLASSES; i++) {
      free[i] = new ArrayDeque<>();
    }
  }

  /**
   * A buffer of at least {@code capacity} bytes, position 0, limit its capacity, content undefined;
   * or null if the pool's limit would be passed.
   */
  public ByteBuffer acquire(int capacity) {
    final int size = Math.max(SMALLEST, BitUtil.findNextPositivePowerOfTwo(capacity));
    if (inUse + size > limit) {
      return null;
    }
    try {
      return take(size);
    } catch (OutOfMemoryError e) {
      return null; // the JVM's bound on direct memory is lower than ours
    }
  }

  /** As {@link #acquire}, but beyond the limit if need be: a control frame always finds room. */
  public ByteBuffer acquireAnyway(int capacity) {
    return take(Math.max(SMALLEST, BitUtil.findNextPositivePowerOfTwo(capacity)));
  }

  private ByteBuffer take(int size) {
    ByteBuffer buffer = free[sizeClass(size)].pollLast();
    if (buffer == null) {
      buffer = ByteBuffer.allocateDirect(size);
    } else {
      waiting -= size;
    }
    inUse += size;
    return buffer.clear().order(ByteOrder.nativeOrder());
  }

  /** Takes back a buffer that this pool handed out. */
  public void release(ByteBuffer buffer) {
    final int size = buffer.capacity();
    inUse -= size;
    if (waiting + size <= retained) {
      waiting += size;
      free[sizeClass(size)].addLast(buffer);
    } else {
      BufferUtil.free(buffer);
    }
  }

  /**
   * Swaps {@code buffer} for one of at least twice its size and at least {@code capacity} bytes,
   * with the first {@code used} bytes copied; null, and {@code buffer} kept, if the limit would be
   * passed.
   */
  public ByteBuffer grow(ByteBuffer buffer, int used, int capacity) {
    final ByteBuffer larger = acquire(Math.max(capacity, 2 * buffer.capacity()));
    return larger == null ? null : swap(buffer, used, larger);
  }

  /** As {@link #grow}, but beyond the limit if need be: a control frame always finds room. */
  public ByteBuffer growAnyway(ByteBuffer buffer, int used, int capacity) {
    return swap(buffer, used, acquireAnyway(capacity));
  }

  private ByteBuffer swap(ByteBuffer buffer, int used, ByteBuffer larger) {
    larger.put(0, buffer, 0, used);
    release(buffer);
    return larger;
  }

  public long bytesInUse() {
    return inUse;
  }

  /** Bytes of buffers that exist, in use or waiting. */
  public long bytesPooled() {
    return inUse + waiting;
  }

  /** Frees what waits for use. The pool can still be used. */
  public void free() {
    for (final ArrayDeque<ByteBuffer> buffers : free) {
      buffers.forEach(BufferUtil::free);
      buffers.clear();
    }
    waiting = 0;
  }

  private static int sizeClass(int size) {
    return Integer.numberOfTrailingZeros(size) - SMALLEST_SHIFT;
  }
}
