package org.millrace.bench.frame;

import java.nio.ByteBuffer;
import org.millrace.engine.frame.FrameEncoder;
import org.millrace.engine.frame.MaskingKeys;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.frame.Role;
import org.millrace.engine.frame.SecureMaskingKeys;

/** Encodes as a connection does into its outbound batch. */
final class MillraceEncode {
  private final Role role;
  private final ByteBuffer payload;
  private final int payloadLength;
  private final ByteBuffer batch;
  private final MaskingKeys keys = new SecureMaskingKeys();

  MillraceEncode(Role role, byte[] payload) {
    this.role = role;
    this.payload = Buffers.nativeOrder(payload.length).put(0, payload);
    payloadLength = payload.length;
    batch = Buffers.nativeOrder(FrameEncoder.headerLength(role, payload.length) + payload.length);
  }

  /** Returns the length of the frame. */
  int encode() {
    final int header = FrameEncoder.headerLength(role, payloadLength);
    batch.put(header, payload, 0, payloadLength);
    return FrameEncoder.encode(role, Opcode.TEXT, true, batch, 0, payloadLength, keys);
  }

  byte[] lastFrame(int length) {
    final byte[] frame = new byte[length];
    batch.get(0, frame);
    return frame;
  }
}
