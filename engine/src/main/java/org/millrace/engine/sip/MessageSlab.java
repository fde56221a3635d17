package org.millrace.engine.sip;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Memory for messages that are kept for a while, in chains of blocks of one size, so that it never
 * falls to pieces. It grows as far as it is used, up to a bound, and does not shrink. One thread.
 */
final class MessageSlab {
  static final int NONE = -1;
  static final int BLOCK = 1024;

  private static final int BLOCKS_PER_CHUNK = 256;

  private final int mostBlocks;
  private UnsafeBuffer[] chunks = {};
  private int[] next = {};
  private int free = NONE;
  private int used;

  /**
   * @param mostBytes rounded down to blocks of {@value #BLOCK}.
   */
  MessageSlab(long mostBytes) {
    mostBlocks = (int) Math.min(Integer.MAX_VALUE - BLOCKS_PER_CHUNK, mostBytes / BLOCK);
  }

  /**
   * Keeps a copy.
   *
   * @param length 1 or more.
   * @return what to ask for it with, or {@link #NONE} if there is no room.
   */
  int store(DirectBuffer source, int offset, int length) {
    final int blocks = (length + BLOCK - 1) / BLOCK;
    if (blocks > mostBlocks - used) {
      return NONE;
    }
    int first = NONE;
    int end = length;
    for (int i = blocks - 1; i >= 0; i--) { // from the last, so that each knows its follower
      final int block = take();
      final int start = i * BLOCK;
      chunks[block / BLOCKS_PER_CHUNK].putBytes(place(block), source, offset + start, end - start);
      next[block] = first;
      first = block;
      end = start;
    }
    return first;
  }

  private int take() {
    if (free == NONE) {
      grow();
    }
    final int block = free;
    free = next[block];
    used++;
    return block;
  }

  private void grow() {
    final int before = next.length;
    chunks = Arrays.copyOf(chunks, chunks.length + 1);
    chunks[chunks.length - 1] =
        new UnsafeBuffer(
            ByteBuffer.allocateDirect(BLOCKS_PER_CHUNK * BLOCK).order(ByteOrder.nativeOrder()));
    next = Arrays.copyOf(next, before + BLOCKS_PER_CHUNK);
    for (int block = next.length - 1; block >= before; block--) {
      next[block] = free;
      free = block;
    }
  }

  private static int place(int block) {
    return block % BLOCKS_PER_CHUNK * BLOCK;
  }

  /** Puts a message behind what is written. */
  void load(int first, int length, SipWriter to) {
    int block = first;
    for (int left = length; left > 0; left -= BLOCK) {
      to.put(chunks[block / BLOCKS_PER_CHUNK], place(block), Math.min(left, BLOCK));
      block = next[block];
    }
  }

  /**
   * Gives back what is behind the beginning of a message.
   *
   * @param length that stays, 1 or more.
   */
  void shorten(int first, int length) {
    int last = first;
    for (int left = length; left > BLOCK; left -= BLOCK) {
      last = next[last];
    }
    if (next[last] != NONE) {
      release(next[last]);
      next[last] = NONE;
    }
  }

  /** Gives the memory of a message back. */
  void release(int first) {
    int last = first;
    used--;
    while (next[last] != NONE) {
      last = next[last];
      used--;
    }
    next[last] = free;
    free = first;
  }

  long usedBytes() {
    return (long) used * BLOCK;
  }
}
