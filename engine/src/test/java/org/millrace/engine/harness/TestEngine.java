package org.millrace.engine.harness;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.engine.Engine;
import org.millrace.engine.EngineContext;
import org.millrace.engine.ThreadingMode;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.MessageHandler;

/**
 * An engine of one shard in invoker mode on a clock of its own, stepped by the test. Closing it
 * fails if anything was left in the error log, unless the test has said that errors are expected.
 */
public final class TestEngine implements AutoCloseable {
  private final ManualClock clock = new ManualClock();
  private final Engine engine;
  private boolean errorsExpected;

  public TestEngine() {
    this(new EngineContext());
  }

  /** With further settings; threading, shards, clock and seed are the harness's. */
  public TestEngine(EngineContext context) {
    engine =
        Engine.launch(
            context.threadingMode(ThreadingMode.INVOKER).shards(1).nanoClock(clock).seed(42));
  }

  public Engine engine() {
    return engine;
  }

  public ManualClock clock() {
    return clock;
  }

  /** Opens a connection and steps until its wire has been told. */
  public TestWire open(ConnectionContext context, MessageHandler handler) {
    final TestWire wire = new TestWire();
    open(context, wire, handler);
    return wire;
  }

  public void open(ConnectionContext context, TestWire wire, MessageHandler handler) {
    if (!engine.open(context.isConcluded() ? context : context.conclude(), wire, handler)) {
      throw new AssertionError("the engine refused the connection");
    }
    step();
  }

  /** Runs duty cycles until nothing is left to do. */
  public void step() {
    for (int cycles = 0; engine.doWork() > 0; cycles++) {
      if (cycles > 100_000) {
        throw new AssertionError("the engine does not come to rest");
      }
    }
  }

  /** Moves the clock in ticks of at most 4 ms, with duty cycles after each. */
  public void advance(Duration time) {
    final Duration tick = Duration.ofMillis(4);
    Duration left = time;
    while (!left.isZero()) {
      final Duration next = left.compareTo(tick) < 0 ? left : tick;
      clock.advance(next);
      left = left.minus(next);
      step();
    }
  }

  /** Sends from outside a callback: through the ring, as another thread would. */
  public int send(Connection connection, int opcode, byte[] message) {
    final ByteBuffer buffer =
        ByteBuffer.allocateDirect(Math.max(1, message.length)).order(ByteOrder.nativeOrder());
    buffer.put(0, message);
    return engine.send(connection.id(), opcode, new UnsafeBuffer(buffer), 0, message.length);
  }

  public void expectErrors() {
    errorsExpected = true;
  }

  @Override
  public void close() {
    engine.close();
    if (!errorsExpected) {
      final StringBuilder errors = new StringBuilder();
      engine
          .errorLog()
          .read((count, first, last, error) -> errors.append(count).append("x ").append(error));
      if (!errors.isEmpty()) {
        throw new AssertionError("error log: " + errors);
      }
    }
  }
}
