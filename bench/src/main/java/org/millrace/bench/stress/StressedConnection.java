package org.millrace.bench.stress;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.millrace.engine.Engine;
import org.millrace.engine.connection.ClosedEvent;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.Inbound;
import org.millrace.engine.connection.MessageHandler;
import org.millrace.engine.connection.Wire;
import org.millrace.engine.frame.FrameLayout;

/**
 * The one connection of an engine in invoker mode, with its wire and handler in one. What the
 * engine does is noted in plain fields: the shard's actor writes them, the arbiter reads them.
 */
class StressedConnection implements Wire, MessageHandler {
  private static final int ROOM_FOR_WRITES = 64;
  private static final ConnectionContext CONTEXT = new ConnectionContext().conclude();

  private final Engine engine = StressedEngines.take();
  private final byte[] written = new byte[ROOM_FOR_WRITES];
  private int writtenLength;
  private Inbound inbound;
  private Connection connection;
  private boolean inFlight;
  private boolean completesWrites = true;
  private int closedEvents;

  /** Open, with a wire that completes writes at once. */
  @SuppressWarnings("this-escape") // no other thread sees it before the actors begin
  StressedConnection() {
    if (!engine.open(CONTEXT, this, this)) {
      throw new IllegalStateException("the last connection has not closed");
    }
    settle();
  }

  Engine engine() {
    return engine;
  }

  Inbound inbound() {
    return inbound;
  }

  long id() {
    return connection.id();
  }

  /** From now on a write is under way until {@link Inbound#writeComplete} is called. */
  void holdWrites() {
    completesWrites = false;
  }

  void completeWrites() {
    completesWrites = true;
  }

  /** A duty cycle, for the one actor that is the shard. */
  void cycle() {
    engine.doWork();
  }

  /** Before and after the actors: duty cycles until nothing is left to do. */
  final void settle() {
    while (engine.doWork() > 0) {
      // until nothing moves any more
    }
  }

  /** Ends what is left of the connection, and frees its engine for another one. */
  final void retire() {
    if (closedEvents == 0) {
      inbound.failed(null);
      settle();
    }
    StressedEngines.giveBack(engine);
  }

  int closedEvents() {
    return closedEvents;
  }

  /** How many errors the engine has recorded; none is expected. */
  long errors() {
    return engine.errorLog().observations();
  }

  /** Whether the wire has a batch, in words. */
  String settled() {
    return errors() > 0 ? "errors" : inFlight ? "writing" : "idle";
  }

  /** The opcodes of the frames that were written, whose payloads are short, in their order. */
  String frames() {
    final StringBuilder opcodes = new StringBuilder();
    int at = 0;
    while (at < writtenLength) {
      opcodes.append(Integer.toHexString(written[at] & FrameLayout.OPCODE_BITS));
      at += FrameLayout.BASE_LENGTH + (written[at + 1] & FrameLayout.LENGTH_BITS);
    }
    return opcodes.toString();
  }

  // ---- What the engine does ----

  @Override
  public final void attached(Inbound newInbound) {
    inbound = newInbound;
  }

  @Override
  public void opened() {}

  @Override
  public final boolean write(ByteBuffer batch) {
    if (inFlight) {
      throw new IllegalStateException("two writes under way");
    }
    final int length = batch.remaining();
    batch.get(written, writtenLength, length);
    writtenLength += length;
    inFlight = !completesWrites;
    return completesWrites;
  }

  /** The transport's thread: the write under way has ended. */
  final void completeWrite() {
    inFlight = false;
    inbound.writeComplete();
  }

  @Override
  public void resume() {}

  @Override
  public final void shutdownOutput() {}

  @Override
  public final void close() {}

  @Override
  public final SocketAddress localAddress() {
    return null;
  }

  @Override
  public final SocketAddress remoteAddress() {
    return null;
  }

  @Override
  public final void onOpened(Connection opened) {
    connection = opened;
  }

  @Override
  public void onMessage(Connection from, int opcode, DirectBuffer buffer, int offset, int length) {}

  @Override
  public final void onClosed(Connection gone, ClosedEvent event) {
    closedEvents++;
  }
}
