package org.millrace.engine.sip;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import org.agrona.BitUtil;

/**
 * Numbers nonces and remembers the highest count with which each of the last ones was used, against
 * replay (RFC 7616 section 3.4). Shared by all shards: a slot has a nonce's number in its upper and
 * the count in its lower half, and changes by compare-and-set only, so that of two uses with one
 * count one loses.
 */
final class NonceUse {
  private final AtomicInteger numbers = new AtomicInteger();
  private final AtomicLongArray slots;

  NonceUse(int nonces) {
    slots = new AtomicLongArray(BitUtil.findNextPositivePowerOfTwo(nonces));
  }

  int next() {
    return numbers.incrementAndGet();
  }

  /**
   * Whether the nonce was not used with this count or a higher one before, as far as is remembered.
   *
   * @param number of a nonce made here.
   * @param count 1 to 2^31 - 1.
   */
  boolean use(int number, int count) {
    final int index = number & (slots.length() - 1);
    while (true) {
      final long slot = slots.get(index);
      final int known = (int) (slot >>> 32);
      if (known - number > 0 || (known == number && (int) slot >= count)) {
        return false;
      }
      if (slots.compareAndSet(index, slot, ((long) number << 32) | count)) {
        return true;
      }
    }
  }
}
