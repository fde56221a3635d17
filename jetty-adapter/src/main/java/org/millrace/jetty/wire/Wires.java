package org.millrace.jetty.wire;

import java.net.SocketAddress;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.millrace.engine.Engine;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.MessageHandler;

/** Makes wires, and holds what they share. */
public final class Wires {
  private final Engine engine;
  private final Executor executor;
  private final ByteBufferPool buffers;

  public Wires(Engine engine, Executor executor, ByteBufferPool buffers) {
    this.engine = engine;
    this.executor = executor;
    this.buffers = buffers;
  }

  /**
   * A connection for an endpoint to be upgraded to, which gives itself to the engine then.
   *
   * @param client its address as events and listings show it.
   * @param context concluded.
   */
  public Connection newWire(
      EndPoint endPoint, SocketAddress client, ConnectionContext context, MessageHandler handler) {
    return new JettyWire(this, endPoint, client, context, handler);
  }

  Engine engine() {
    return engine;
  }

  Executor executor() {
    return executor;
  }

  ByteBufferPool buffers() {
    return buffers;
  }
}
