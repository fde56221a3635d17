package org.millrace.engine.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import org.agrona.DirectBuffer;
import org.millrace.engine.Engine;
import org.millrace.engine.EngineContext;
import org.millrace.engine.ThreadingMode;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.Inbound;
import org.millrace.engine.connection.MessageHandler;
import org.millrace.engine.connection.SendResult;
import org.millrace.engine.harness.ManualClock;
import org.millrace.engine.reference.Bytes;
import org.millrace.engine.status.EngineCounter;

/** A connection that sends every message back, on an engine whose time passes with each turn. */
final class EchoRig implements MessageHandler, AutoCloseable {
  private static final Duration TURN = Duration.ofMillis(1);

  private final ManualClock clock = new ManualClock();
  private final Engine engine;
  private final NullWire wire;
  private Connection connection;

  EchoRig(ConnectionContext context, NullWire wire, int ringCapacity) {
    this.wire = wire;
    engine =
        Engine.launch(
            new EngineContext()
                .threadingMode(ThreadingMode.INVOKER)
                .shards(1)
                .ringCapacity(ringCapacity)
                .maxConnections(16)
                .nanoClock(clock));
    assertThat(engine.open(context.conclude(), wire, this)).isTrue();
    work();
  }

  /** Bytes as a wire has them. */
  static ByteBuffer buffer(Bytes bytes) {
    final ByteBuffer buffer =
        ByteBuffer.allocateDirect(bytes.length()).order(ByteOrder.nativeOrder());
    return buffer.put(bytes.toArray()).flip();
  }

  Engine engine() {
    return engine;
  }

  Connection connection() {
    return connection;
  }

  NullWire wire() {
    return wire;
  }

  /** Delivers all of the buffer, which is as before afterwards, and works until nothing is left. */
  void read(ByteBuffer bytes) {
    check(wire.inbound().deliver(bytes) == Inbound.DELIVERED);
    bytes.rewind();
    work();
  }

  /** As AssertJ, which allocates. */
  static void check(boolean asExpected) {
    if (!asExpected) {
      throw new AssertionError("not as expected");
    }
  }

  void work() {
    clock.advance(TURN);
    while (engine.doWork() > 0) {
      // until nothing is left
    }
  }

  long counter(EngineCounter counter) {
    return engine.counter(counter);
  }

  @Override
  public void onOpened(Connection opened) {
    connection = opened;
  }

  @Override
  public void onMessage(Connection from, int opcode, DirectBuffer buffer, int offset, int length) {
    check(from.send(opcode, buffer, offset, length) == SendResult.SENT);
  }

  @Override
  public void close() {
    engine.close();
    assertThat(engine.errorLog().observations()).isZero();
  }
}
