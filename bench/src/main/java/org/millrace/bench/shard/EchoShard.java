package org.millrace.bench.shard;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.bench.wire.MemoryWire;
import org.millrace.engine.Engine;
import org.millrace.engine.EngineContext;
import org.millrace.engine.ThreadingMode;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.Inbound;
import org.millrace.engine.connection.KeepAliveMechanism;
import org.millrace.engine.connection.MessageHandler;
import org.millrace.engine.connection.SendResult;
import org.millrace.engine.frame.FrameEncoder;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.frame.Role;

/**
 * An engine of one shard whose connections echo, stepped by one thread that is also the transport,
 * and the other thread that sends.
 */
final class EchoShard implements AutoCloseable {
  /** How a batch of messages reaches the shard. */
  enum Spread {
    /** Each over a connection of its own. */
    CONNECTIONS,
    /** All over one connection, each in a read of its own. */
    READS,
    /** All over one connection in one read, which the ring divides if it is long. */
    READ
  }

  static final int MOST_MESSAGES = 256;

  /** Takes a batch of the longest messages. */
  private static final int RING_CAPACITY = 8 * 1024 * 1024;

  private static final int MASKING_KEY = 0x37FA213D;
  private static final int MOST_CYCLES = 100;

  private final Spread spread;
  private final int frameLength;
  private final int answerLength;
  private final ByteBuffer frames;
  private final UnsafeBuffer message;
  private final Engine engine;
  private final MemoryWire[] wires;
  private final long[] ids;
  private int opened;
  private long writtenBytes;

  /**
   * @param output is shown what the shard writes.
   */
  EchoShard(Spread spread, byte[] text, Consumer<ByteBuffer> output) {
    this.spread = spread;
    frameLength = FrameEncoder.headerLength(Role.CLIENT, text.length) + text.length;
    answerLength = FrameEncoder.headerLength(Role.SERVER, text.length) + text.length;
    frames = frames(text, frameLength);
    message = new UnsafeBuffer(ByteBuffer.allocateDirect(text.length).put(0, text));
    engine =
        Engine.launch(
            new EngineContext()
                .threadingMode(ThreadingMode.INVOKER)
                .shards(1)
                .maxConnections(MOST_MESSAGES)
                .ringCapacity(RING_CAPACITY));
    wires = new MemoryWire[spread == Spread.CONNECTIONS ? MOST_MESSAGES : 1];
    ids = new long[wires.length];
    open(output);
  }

  private static ByteBuffer frames(byte[] text, int frameLength) {
    final ByteBuffer frames =
        ByteBuffer.allocateDirect(MOST_MESSAGES * frameLength).order(ByteOrder.nativeOrder());
    for (int at = 0; at < frames.capacity(); at += frameLength) {
      frames.put(at + frameLength - text.length, text);
      FrameEncoder.encode(
          Role.CLIENT, Opcode.TEXT, true, frames, at, text.length, () -> MASKING_KEY);
    }
    return frames;
  }

  private void open(Consumer<ByteBuffer> output) {
    // When batches are small most connections are idle, and stay so for the whole run.
    final ConnectionContext context =
        new ConnectionContext().keepAliveMechanism(KeepAliveMechanism.NONE).conclude();
    final MessageHandler echo = new Echo();
    for (int i = 0; i < wires.length; i++) {
      wires[i] = new EchoWire(output);
      require(engine.open(context, wires[i], echo));
    }
    engine.doWork();
    require(opened == wires.length);
  }

  private static void require(boolean done) {
    if (!done) {
      throw new IllegalStateException("the engine refused");
    }
  }

  /** Delivers a batch of masked frames and lets the shard answer them. */
  long echo(int messages) {
    if (spread == Spread.READ) {
      deliver(0, 0, messages);
    } else {
      for (int i = 0; i < messages; i++) {
        deliver(spread == Spread.CONNECTIONS ? i : 0, i, 1);
      }
    }
    return work(messages);
  }

  private void deliver(int wire, int first, int messages) {
    frames.limit((first + messages) * frameLength).position(first * frameLength);
    require(wires[wire].inbound().deliver(frames) == Inbound.DELIVERED);
  }

  /** Sends a batch as another thread would, which is to say through the ring. */
  long send(int messages) {
    for (int i = 0; i < messages; i++) {
      final long id = ids[spread == Spread.CONNECTIONS ? i : 0];
      require(engine.send(id, Opcode.TEXT, message, 0, message.capacity()) == SendResult.SENT);
    }
    return work(messages);
  }

  /** Duty cycles until so many messages have been written: one, or two at the ring's end. */
  private long work(int messages) {
    final long target = writtenBytes + (long) messages * answerLength;
    for (int cycles = 0; writtenBytes < target; cycles++) {
      require(cycles < MOST_CYCLES);
      engine.doWork();
    }
    return writtenBytes;
  }

  @Override
  public void close() {
    engine.close();
  }

  private final class Echo implements MessageHandler {
    @Override
    public void onOpened(Connection connection) {
      ids[opened++] = connection.id();
    }

    @Override
    public void onMessage(
        Connection connection, int opcode, DirectBuffer buffer, int offset, int length) {
      connection.send(opcode, buffer, offset, length);
    }
  }

  private final class EchoWire extends MemoryWire {
    private final Consumer<ByteBuffer> output;

    EchoWire(Consumer<ByteBuffer> output) {
      this.output = output;
    }

    @Override
    protected void written(ByteBuffer batch) {
      writtenBytes += batch.remaining();
      output.accept(batch);
    }
  }
}
