package org.millrace.bench.frame;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Direct buffers that begin at a cache line, so that no peer is luckier than another. */
final class Buffers {
  static final int CACHE_LINE = 64;

  private Buffers() {}

  /** As the engine wants them. */
  static ByteBuffer nativeOrder(int capacity) {
    return bigEndian(capacity).order(ByteOrder.nativeOrder());
  }

  /** As Jetty wants them. */
  static ByteBuffer bigEndian(int capacity) {
    return ByteBuffer.allocateDirect(stride(capacity) + CACHE_LINE).alignedSlice(CACHE_LINE);
  }

  /** {@code length} rounded up to whole cache lines. */
  static int stride(int length) {
    return (length + CACHE_LINE - 1) & -CACHE_LINE;
  }
}
