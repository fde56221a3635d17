package org.millrace.bench.frame;

import java.nio.ByteBuffer;
import org.millrace.engine.frame.FrameDecoder;
import org.millrace.engine.frame.FrameRules;
import org.millrace.engine.frame.Role;
import org.millrace.engine.frame.Utf8;

/** Decodes as a shard does with a frame that lies whole in a ring record. */
final class MillraceDecode {
  private static final FrameRules RULES = new FrameRules(Role.SERVER, 1 << 20, 64, false);

  private final MaskedFrames frames;
  private final ByteBuffer buffer;
  private final FrameDecoder decoder = new FrameDecoder(RULES);

  MillraceDecode(MaskedFrames frames) {
    this.frames = frames;
    buffer = Buffers.nativeOrder(frames.frameLength());
  }

  /** Returns the number of payload bytes. */
  int decode() {
    frames.copyNext(buffer);
    if (decoder.decode(buffer, 0, frames.frameLength()) != FrameDecoder.PIECE) {
      throw new InvalidFrameException(String.valueOf(decoder.violation()));
    }
    final int length = decoder.payloadLength();
    if (!Utf8.isValid(buffer, decoder.payloadOffset(), length)) {
      throw new InvalidFrameException("not UTF-8");
    }
    return length;
  }

  byte[] lastPayload() {
    final byte[] payload = new byte[decoder.payloadLength()];
    buffer.get(decoder.payloadOffset(), payload);
    return payload;
  }
}
