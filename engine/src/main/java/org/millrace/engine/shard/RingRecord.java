package org.millrace.engine.shard;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * What the records of the inbound ring look like.
 *
 * <pre>
 *  BYTES                            SEND
 *   0       8                        0       8        12   16
 *  +-------+-----------------+      +-------+--------+----+-----------+
 *  | id    | bytes received  |      | id    | opcode | 0  | message   |
 *  +-------+-----------------+      +-------+--------+----+-----------+
 * </pre>
 */
final class RingRecord {
  /** Bytes that a wire has received. */
  static final int BYTES = 1;

  /** A message to be sent, from a thread other than the shard's. */
  static final int SEND = 2;

  static final int BYTES_HEADER = 8;
  static final int SEND_HEADER = 16;

  private static final int OPCODE_OFFSET = 8;

  private RingRecord() {}

  static void id(MutableDirectBuffer buffer, int offset, long id) {
    buffer.putLong(offset, id);
  }

  static long id(DirectBuffer buffer, int offset) {
    return buffer.getLong(offset);
  }

  static void opcode(MutableDirectBuffer buffer, int offset, int opcode) {
    buffer.putInt(offset + OPCODE_OFFSET, opcode);
  }

  static int opcode(DirectBuffer buffer, int offset) {
    return buffer.getInt(offset + OPCODE_OFFSET);
  }
}
