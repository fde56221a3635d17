package org.millrace.engine.frame;

import java.nio.ByteBuffer;

/**
 * Writes frame headers of minimal form (RFC 6455 section 5.2; requirements ).
 *
 * <p>A frame is made in place: {@link #headerLength} tells where the payload goes, the payload is
 * copied there, then {@link #encode} puts the header before it and, given a key, masks it.
 */
public final class FrameEncoder {
  private FrameEncoder() {}

  /** Length in bytes of the header of a frame that {@code role} sends, 2 to 14. */
  public static int headerLength(Role role, int payloadLength) {
    return FrameLayout.BASE_LENGTH
        + (payloadLength <= FrameLayout.MAX_SHORT_PAYLOAD
            ? 0
            : payloadLength <= FrameLayout.MAX_MEDIUM_PAYLOAD ? Short.BYTES : Long.BYTES)
        + (role == Role.CLIENT ? FrameLayout.MASKING_KEY_LENGTH : 0);
  }

  /**
   * Makes the header of a frame whose payload lies {@link #headerLength} bytes behind {@code
   * offset}, and masks that payload if {@code role} is a client.
   *
   * @param buffer direct and in native order; its position and limit are neither used nor moved.
   * @param offset where the frame begins.
   * @param payloadLength 0 or more bytes.
   * @param keys asked for one key if {@code role} is a client, else not used.
   * @return the length of the whole frame.
   */
  public static int encode(
      Role role,
      int opcode,
      boolean fin,
      ByteBuffer buffer,
      int offset,
      int payloadLength,
      MaskingKeys keys) {
    final int mask = role == Role.CLIENT ? FrameLayout.MASK : 0;
    int at = offset;
    buffer.put(at++, (byte) (fin ? (FrameLayout.FIN | opcode) : opcode));
    if (payloadLength <= FrameLayout.MAX_SHORT_PAYLOAD) {
      buffer.put(at++, (byte) (mask | payloadLength));
    } else if (payloadLength <= FrameLayout.MAX_MEDIUM_PAYLOAD) {
      buffer.put(at++, (byte) (mask | FrameLayout.LENGTH_16));
      at = putBigEndian(buffer, at, payloadLength, Short.BYTES);
    } else {
      buffer.put(at++, (byte) (mask | FrameLayout.LENGTH_64));
      at = putBigEndian(buffer, at, payloadLength, Long.BYTES);
    }
    if (mask != 0) {
      final int key = keys.next();
      buffer.putInt(at, key);
      at += FrameLayout.MASKING_KEY_LENGTH;
      Masking.apply(buffer, at, payloadLength, key);
    }
    return at + payloadLength - offset;
  }

  private static int putBigEndian(ByteBuffer buffer, int offset, long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      buffer.put(offset + i, (byte) (value >>> (Byte.SIZE * (bytes - 1 - i))));
    }
    return offset + bytes;
  }
}
