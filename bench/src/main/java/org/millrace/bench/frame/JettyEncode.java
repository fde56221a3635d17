package org.millrace.bench.frame;

import java.nio.ByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.internal.Generator;
import org.millrace.engine.frame.Role;

/** Jetty's frame generator, into one buffer. */
final class JettyEncode {
  private final Role role;
  private final ByteBuffer payload;
  private final ByteBuffer batch;
  private final Generator generator = new Generator();

  JettyEncode(Role role, byte[] payload) {
    this.role = role;
    this.payload = ByteBuffer.allocateDirect(payload.length).put(0, payload);
    batch = Buffers.bigEndian(Generator.MAX_HEADER_LENGTH + payload.length);
  }

  /** Returns the length of the frame. */
  int encode() {
    final Frame frame = new Frame(OpCode.TEXT, true, payload.rewind());
    if (role == Role.CLIENT) {
      frame.setMask(new byte[] {0x37, (byte) 0xFA, 0x21, 0x3D});
    }
    BufferUtil.clear(batch);
    generator.generateWholeFrame(frame, batch);
    return batch.remaining();
  }

  byte[] lastFrame(int length) {
    final byte[] frame = new byte[length];
    batch.get(0, frame);
    return frame;
  }
}
