package org.millrace.bench.frame;

import java.nio.ByteBuffer;
import org.millrace.engine.frame.FrameEncoder;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.frame.Role;

/** Masked text frames of one length, from which the next one is copied for every decode. */
final class MaskedFrames {
  /** Its lowest byte goes first on the wire of a little-endian machine. */
  static final int MASKING_KEY = 0x37FA213D;

  private final byte[][] payloads;
  private final ByteBuffer frames;
  private final int frameLength;
  private final int stride;
  private int next;

  MaskedFrames(byte[]... payloads) {
    this.payloads = payloads;
    final int header = FrameEncoder.headerLength(Role.CLIENT, payloads[0].length);
    frameLength = header + payloads[0].length;
    stride = Buffers.stride(frameLength);
    frames = Buffers.nativeOrder(stride * payloads.length);
    for (int i = 0; i < payloads.length; i++) {
      frames.put(i * stride + header, payloads[i]);
      FrameEncoder.encode(
          Role.CLIENT,
          Opcode.TEXT,
          true,
          frames,
          i * stride,
          payloads[i].length,
          () -> MASKING_KEY);
    }
  }

  /** Copies the next frame to the start of {@code target}. */
  void copyNext(ByteBuffer target) {
    target.put(0, frames, next, frameLength);
    next += stride;
    if (next == stride * payloads.length) {
      next = 0;
    }
  }

  /** The payload, unmasked, of the frame that was copied last. */
  byte[] lastPayload() {
    return payloads[(next == 0 ? payloads.length : next / stride) - 1];
  }

  int frameLength() {
    return frameLength;
  }

  int count() {
    return payloads.length;
  }
}
