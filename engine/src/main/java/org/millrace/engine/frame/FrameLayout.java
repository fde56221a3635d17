package org.millrace.engine.frame;

/**
 * Where the bits of a frame header lie (RFC 6455 section 5.2).
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-------+-+-------------+-------------------------------+
 *  |F|R|R|R| opcode|M| length      | 16-bit length (length = 126)  |
 *  |I|S|S|S|       |A|             | 64-bit length (length = 127)  |
 *  |N|V|V|V|       |S|             |                               |
 *  | |1|2|3|       |K|             |                               |
 *  +-+-+-+-+-------+-+-------------+-------------------------------+
 *  | masking key, 4 bytes, if MASK | payload ...                   |
 *  +-------------------------------+-------------------------------+
 * </pre>
 *
 * <p>Lengths are big-endian and of minimal form. The masking key is four bytes in wire order; in
 * memory it is kept as the int that a native-order read of those four bytes gives.
 */
public final class FrameLayout {
  public static final int FIN = 0x80;
  public static final int RSV_BITS = 0x70;
  public static final int OPCODE_BITS = 0x0F;
  public static final int MASK = 0x80;
  public static final int LENGTH_BITS = 0x7F;

  /** Value of the 7-bit length that announces a 16-bit one. */
  public static final int LENGTH_16 = 126;

  /** Value of the 7-bit length that announces a 64-bit one. */
  public static final int LENGTH_64 = 127;

  /** Largest payload of a control frame, and of any frame with a two-byte header. */
  public static final int MAX_SHORT_PAYLOAD = 125;

  /** Largest payload that the 16-bit length can carry. */
  public static final int MAX_MEDIUM_PAYLOAD = 0xFFFF;

  public static final int BASE_LENGTH = 2;
  public static final int MASKING_KEY_LENGTH = 4;

  /** Longest header: base, 64-bit length and masking key. */
  public static final int MAX_HEADER_LENGTH = BASE_LENGTH + Long.BYTES + MASKING_KEY_LENGTH;

  private FrameLayout() {}

  /** Bytes of the extended length that follow the base, given the second header byte. */
  static int extendedLengthBytes(int second) {
    final int length = second & LENGTH_BITS;
    return length == LENGTH_64 ? Long.BYTES : length == LENGTH_16 ? Short.BYTES : 0;
  }

  /** Length of the whole header, given its second byte. */
  static int headerLength(int second) {
    return BASE_LENGTH
        + extendedLengthBytes(second)
        + ((second & MASK) != 0 ? MASKING_KEY_LENGTH : 0);
  }
}
