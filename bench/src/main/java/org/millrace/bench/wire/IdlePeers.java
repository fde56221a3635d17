package org.millrace.bench.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.millrace.engine.connection.Inbound;
import org.millrace.engine.frame.FrameEncoder;
import org.millrace.engine.frame.FrameLayout;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.frame.Role;

/**
 * Peers that do nothing but answer pings, not when a ping is written but when it is their turn, as
 * it takes a network. All they will ever need is allocated when they are made, so that it can be
 * told from the engine's memory.
 *
 * <p>Ownership: {@link #answer} is called by one thread, which is the transport's; wires are
 * written to by the shards.
 */
public final class IdlePeers {
  private static final int PAYLOAD = Long.BYTES;
  private static final int PING_LENGTH = FrameLayout.BASE_LENGTH + PAYLOAD;
  private static final int MASKING_KEY = 0x37FA213D;

  private final MemoryWire[] wires;
  private final ManyToOneConcurrentArrayQueue<PeerWire> pinged;
  private final ByteBuffer pong;
  private long answered;

  public IdlePeers(int connections) {
    wires = new MemoryWire[connections];
    Arrays.setAll(wires, i -> new PeerWire());
    pinged = new ManyToOneConcurrentArrayQueue<>(Math.max(2, connections));
    final int header = FrameEncoder.headerLength(Role.CLIENT, PAYLOAD);
    pong = ByteBuffer.allocateDirect(header + PAYLOAD).order(ByteOrder.nativeOrder());
  }

  public MemoryWire wire(int index) {
    return wires[index];
  }

  /**
   * Delivers pongs that are due, at most {@code limit} and as far as the ring has room; returns how
   * many. What finds none is tried again next time, as bytes that nobody has read from a socket.
   */
  public int answer(int limit) {
    int count = 0;
    PeerWire wire;
    while (count < limit && (wire = pinged.peek()) != null) {
      pong.putLong(pong.capacity() - PAYLOAD, wire.ping);
      FrameEncoder.encode(Role.CLIENT, Opcode.PONG, true, pong, 0, PAYLOAD, () -> MASKING_KEY);
      if (wire.inbound().deliver(pong.clear()) == Inbound.STALLED) {
        break;
      }
      pinged.poll();
      count++;
    }
    answered += count;
    return count;
  }

  /** Whether somebody waits for a pong; for any thread. */
  public boolean arePinged() {
    return !pinged.isEmpty();
  }

  /** Pongs so far. */
  public long answered() {
    return answered;
  }

  private final class PeerWire extends MemoryWire {
    private long ping;

    @Override
    protected void written(ByteBuffer batch) {
      final int at = batch.position();
      if (batch.remaining() == PING_LENGTH
          && (batch.get(at) & FrameLayout.OPCODE_BITS) == Opcode.PING) {
        ping = batch.getLong(at + FrameLayout.BASE_LENGTH);
        if (!pinged.offer(this)) {
          throw new IllegalStateException("a second ping before the first was answered");
        }
      }
    }
  }
}
