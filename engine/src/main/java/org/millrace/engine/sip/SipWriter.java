package org.millrace.engine.sip;

import java.util.Arrays;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Text in the making, in an array of its own that is used again and grows to what was longest. */
final class SipWriter {
  private static final int FIRST_CAPACITY = 8 * 1024;
  private static final int MOST_DIGITS = 19;

  private byte[] bytes = new byte[FIRST_CAPACITY];
  private final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
  private int length;

  private void room(int count) {
    if (length + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, BitUtil.findNextPositivePowerOfTwo(length + count));
      buffer.wrap(bytes);
    }
  }

  SipWriter clear() {
    length = 0;
    return this;
  }

  /** Valid until the next byte is put. */
  DirectBuffer buffer() {
    return buffer;
  }

  /** The same as an array, valid as long. */
  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  SipWriter put(byte[] from) {
    return put(from, 0, from.length);
  }

  SipWriter put(byte[] from, int offset, int count) {
    room(count);
    System.arraycopy(from, offset, bytes, length, count);
    length += count;
    return this;
  }

  SipWriter put(DirectBuffer from, int offset, int count) {
    room(count);
    from.getBytes(offset, bytes, length, count);
    length += count;
    return this;
  }

  SipWriter put(char ascii) {
    room(1);
    bytes[length++] = (byte) ascii;
    return this;
  }

  /** Puts a number that is not negative. */
  SipWriter putDecimal(long value) {
    room(MOST_DIGITS);
    int digits = 1;
    for (long rest = value / 10; rest > 0; rest /= 10) {
      digits++;
    }
    long rest = value;
    for (int at = length + digits - 1; at >= length; at--) {
      bytes[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
    return this;
  }
}
