package org.millrace.engine.frame;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Masking and unmasking, which are the same XOR (RFC 6455 section 5.3).
 *
 * <p>A key is the int that a native-order read of its four wire bytes gives, so that whole words of
 * a native-order buffer can be masked with it.
 */
public final class Masking {
  private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

  static {
    // Loads what the signatures of Buffer's methods name. JDK 25 otherwise may compile the loop
    // below
    // before java.nio's session classes are loaded, cannot inline into it, and stays 50 times
    // slower.
    if (Buffer.class.getDeclaredMethods().length == 0) {
      throw new IllegalStateException("java.nio.Buffer without methods");
    }
  }

  private Masking() {}

  /**
   * XORs {@code length} bytes in place.
   *
   * @param buffer direct and in native order; position and limit are neither used nor moved.
   * @param key whose first wire byte belongs to the byte at {@code offset}.
   * @return the key for the byte that follows the last one, to go on with the rest of a payload.
   */
  public static int apply(ByteBuffer buffer, int offset, int length, int key) {
    if (key == 0) {
      return 0;
    }
    final long wideKey = (key & 0xFFFF_FFFFL) | ((long) key << Integer.SIZE);
    final int end = offset + length;
    int i = offset;
    for (; i <= end - Long.BYTES; i += Long.BYTES) {
      buffer.putLong(i, buffer.getLong(i) ^ wideKey);
    }
    if (i <= end - Integer.BYTES) {
      buffer.putInt(i, buffer.getInt(i) ^ key);
      i += Integer.BYTES;
    }
    int rest = key;
    for (; i < end; i++) {
      buffer.put(i, (byte) (buffer.get(i) ^ firstByte(rest)));
      rest = rotate(rest, 1);
    }
    return rest;
  }

  /** The key after {@code bytes} more bytes of payload. */
  static int rotate(int key, int bytes) {
    final int bits = (bytes & 3) << 3;
    return LITTLE_ENDIAN ? Integer.rotateRight(key, bits) : Integer.rotateLeft(key, bits);
  }

  /** Turns a key that was read as a big-endian int into the native form, and back. */
  static int fromBigEndian(int key) {
    return LITTLE_ENDIAN ? Integer.reverseBytes(key) : key;
  }

  private static int firstByte(int key) {
    return LITTLE_ENDIAN ? key : key >>> 24;
  }
}
