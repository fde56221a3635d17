package org.millrace.engine.sip;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Text in the making, in a buffer of its own that is used again and grows to what was longest. */
final class SipWriter {
  private static final int FIRST_CAPACITY = 8 * 1024;

  private UnsafeBuffer buffer = allocate(FIRST_CAPACITY);
  private int length;

  private static UnsafeBuffer allocate(int capacity) {
    return new UnsafeBuffer(ByteBuffer.allocateDirect(capacity).order(ByteOrder.nativeOrder()));
  }

  private void room(int bytes) {
    if (length + bytes > buffer.capacity()) {
      final UnsafeBuffer larger = allocate(BitUtil.findNextPositivePowerOfTwo(length + bytes));
      larger.putBytes(0, buffer, 0, length);
      buffer = larger;
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

  int length() {
    return length;
  }

  SipWriter put(byte[] bytes) {
    return put(bytes, 0, bytes.length);
  }

  SipWriter put(byte[] bytes, int offset, int count) {
    room(count);
    buffer.putBytes(length, bytes, offset, count);
    length += count;
    return this;
  }

  SipWriter put(DirectBuffer source, int offset, int count) {
    room(count);
    buffer.putBytes(length, source, offset, count);
    length += count;
    return this;
  }

  SipWriter put(char ascii) {
    room(1);
    buffer.putByte(length++, (byte) ascii);
    return this;
  }

  /** Puts a number that is not negative. */
  SipWriter putDecimal(long value) {
    room(20);
    length += buffer.putNaturalLongAscii(length, value);
    return this;
  }
}
