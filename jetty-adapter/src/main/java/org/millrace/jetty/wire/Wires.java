package org.millrace.jetty.wire;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.thread.Scheduler;
import org.millrace.engine.Engine;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.MessageHandler;

/** Makes wires, and holds what they share. */
public final class Wires {
  private final Engine engine;
  private final Executor executor;
  private final Scheduler scheduler;
  private final ByteBufferPool buffers;
  private final long firstFrameDelayNs;

  /**
   * Creates a maker of wires for an engine.
   *
   * @param firstFrameDelay for how long no frame leaves of our own accord.
   */
  public Wires(
      Engine engine,
      Executor executor,
      Scheduler scheduler,
      ByteBufferPool buffers,
      Duration firstFrameDelay) {
    this.engine = engine;
    this.executor = executor;
    this.scheduler = scheduler;
    this.buffers = buffers;
    firstFrameDelayNs = firstFrameDelay.toNanos();
  }

  /**
   * A connection for an endpoint to be upgraded to, which gives itself to the engine then.
   *
   * @param client its address as events and listings show it.
   * @param context concluded.
   */
  public Connection newWire(
      EndPoint endPoint, SocketAddress client, ConnectionContext context, MessageHandler handler) {
    return new JettyWire(this, endPoint, client, context, handler, null);
  }

  /**
   * A connection with the core, for an endpoint to be upgraded to or made with, which gives itself
   * to the engine when it is opened.
   *
   * @param context concluded.
   * @param refused called within that if the engine is full; the endpoint is closed then.
   */
  public Connection newCoreWire(
      EndPoint endPoint, ConnectionContext context, MessageHandler handler, Runnable refused) {
    return new JettyWire(
        this, endPoint, endPoint.getRemoteSocketAddress(), context, handler, refused);
  }

  Engine engine() {
    return engine;
  }

  /** For a connection that opens now; 0 for not at all. */
  long quietUntilNs() {
    final long untilNs = System.nanoTime() + firstFrameDelayNs;
    return firstFrameDelayNs == 0 ? 0 : untilNs == 0 ? 1 : untilNs;
  }

  void runAt(long timeNs, Runnable task) {
    scheduler.schedule(task, timeNs - System.nanoTime(), TimeUnit.NANOSECONDS);
  }

  Executor executor() {
    return executor;
  }

  ByteBufferPool buffers() {
    return buffers;
  }
}
