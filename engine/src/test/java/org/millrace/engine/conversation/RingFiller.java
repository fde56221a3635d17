package org.millrace.engine.conversation;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.millrace.engine.Engine;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.Inbound;
import org.millrace.engine.frame.FrameLayout;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.harness.TestWire;
import org.millrace.engine.reference.Bytes;
import org.millrace.engine.reference.ReferenceEncoder;

/**
 * A connection whose only purpose is to have its bytes in the ring, so that there is no room for
 * those of others. The shard reads them as messages that nobody cares for. Allocates nothing.
 */
public final class RingFiller {
  /** As large as a ring is allowed to be small. */
  public static final int RING_CAPACITY = 64 * 1024;

  /**
   * So few records a duty cycle that a full ring takes several: bytes that a wire kept have to wait
   * for all of them.
   */
  public static final int FEW_RECORDS = 4;

  /** Lengths of whole frames; the first is near the largest read that such a ring takes. */
  private static final int[] LENGTHS = {8000, 1024, 128, FrameLayout.MASKING_KEY_LENGTH + 2};

  private static final Bytes ZERO_KEY = Bytes.of(0, 0, 0, 0);

  private final TestWire wire = new TestWire();
  private final ByteBuffer[] frames = new ByteBuffer[LENGTHS.length];

  /** Opens the connection, which needs a duty cycle before the first {@link #fill}. */
  public RingFiller(Engine engine) {
    for (int i = 0; i < frames.length; i++) {
      frames[i] = frame(LENGTHS[i]);
    }
    if (!engine.open(new ConnectionContext().conclude(), wire, (c, op, buffer, at, length) -> {})) {
      throw new AssertionError("the engine refused the connection");
    }
  }

  private static ByteBuffer frame(int length) {
    final int header = length > 131 ? 8 : 6;
    final Bytes frame =
        ReferenceEncoder.frame(Opcode.BINARY, Bytes.of(new byte[length - header]))
            .maskedWith(ZERO_KEY)
            .encode();
    final ByteBuffer buffer =
        ByteBuffer.allocateDirect(frame.length()).order(ByteOrder.nativeOrder());
    return buffer.put(frame.toArray()).flip();
  }

  /** Fills the ring until it has no room for a single byte. */
  public void fill() {
    for (final ByteBuffer frame : frames) {
      while (wire.inbound().deliver(frame) == Inbound.DELIVERED) {
        frame.rewind();
      }
    }
  }
}
