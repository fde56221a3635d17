package org.millrace.engine.shard;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.millrace.engine.connection.ClosedEvent;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.ConnectionOwner;
import org.millrace.engine.connection.ConnectionState;
import org.millrace.engine.connection.Inbound;
import org.millrace.engine.connection.MessageHandler;
import org.millrace.engine.connection.OwnedConnection;
import org.millrace.engine.connection.StreamConnection;
import org.millrace.engine.connection.WebSocketConnection;
import org.millrace.engine.connection.Wire;

/**
 * The meeting point of a connection's threads: its wire's on one side, its shard on the other.
 *
 * <p>A signal is a bit set here, with what belongs to it stored in a field before. Who sets the
 * first bit puts the port into the shard's signal queue; the shard takes all bits at once. So a
 * port is in the queue at most once, the queue is bounded by the number of ports, and a signal is
 * never refused. The order of bytes and signals is kept by the ring: a signal that must come after
 * bytes carries the ring's position and waits until the shard has consumed that far.
 */
final class ConnectionPort implements Inbound, ConnectionOwner {
  private static final int OPENED = 1;
  private static final int WRITE_ENDED = 1 << 1;
  private static final int CLOSE_REQUESTED = 1 << 2;
  private static final int STALLED_INPUT = 1 << 3;
  private static final int INPUT_ENDED = 1 << 4;
  private static final int TRANSPORT_FAILED = 1 << 5;
  private static final int WRITE_FAILED = 1 << 6;

  /** Signals that must not overtake bytes delivered, or messages accepted, before. */
  private static final int ORDERED =
      CLOSE_REQUESTED | STALLED_INPUT | INPUT_ENDED | TRANSPORT_FAILED;

  static final int NO_TIMER = -1;

  private static final VarHandle SIGNALS;
  private static final VarHandle CLOSE_REQUEST;
  private static final VarHandle FAILURE;
  private static final VarHandle ORDERED_AFTER;

  static {
    try {
      final MethodHandles.Lookup lookup = MethodHandles.lookup();
      SIGNALS = lookup.findVarHandle(ConnectionPort.class, "signals", int.class);
      CLOSE_REQUEST =
          lookup.findVarHandle(ConnectionPort.class, "closeRequest", CloseRequest.class);
      ORDERED_AFTER = lookup.findVarHandle(ConnectionPort.class, "orderedAfter", long.class);
      FAILURE = lookup.findVarHandle(ConnectionPort.class, "failure", Throwable.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  record CloseRequest(int code, String reason) {}

  private final Shard shard;
  private final OwnedConnection connection;

  // Written by wire threads and others, read by the shard once it has taken the signal.
  // signals, closeRequest, failure and orderedAfter are accessed through their VarHandles.
  @SuppressWarnings("unused")
  private int signals;

  private CloseRequest closeRequest;
  private Throwable failure;
  private ByteBuffer kept;

  @SuppressWarnings("unused")
  private long orderedAfter;

  // Written by the shard; closed and congested are read by others.
  private volatile boolean closed;
  private int waiting;
  private boolean dirty;
  private volatile boolean congested;
  private int timer = NO_TIMER;
  private long timerDeadlineNs = NEVER;

  ConnectionPort(Shard shard, ConnectionContext context, Wire wire, MessageHandler handler) {
    this.shard = shard;
    connection =
        context.isStream()
            ? new StreamConnection(shard.resources(), this, context, wire, handler)
            : new WebSocketConnection(shard.resources(), this, context, wire, handler);
  }

  // ---- Inbound: the wire's threads ----

  @Override
  public int deliver(ByteBuffer bytes) {
    return closed ? CLOSED : shard.deliver(connection.id(), bytes);
  }

  @Override
  public void stalled(ByteBuffer bytes) {
    if (!bytes.isDirect()) {
      throw new IllegalArgumentException("kept bytes must be in a direct buffer");
    }
    kept = bytes;
    signalInOrder(STALLED_INPUT);
  }

  @Override
  public void endOfInput() {
    signalInOrder(INPUT_ENDED);
  }

  @Override
  public void writeComplete() {
    signal(WRITE_ENDED);
  }

  @Override
  public void writeFailed(Throwable cause) {
    FAILURE.compareAndSet(this, null, cause);
    signalInOrder(WRITE_FAILED | TRANSPORT_FAILED);
  }

  @Override
  public void failed(Throwable cause) {
    FAILURE.compareAndSet(this, null, cause);
    signalInOrder(TRANSPORT_FAILED);
  }

  /** Any thread. The first request counts. */
  void requestClose(int code, String reason) {
    if (CLOSE_REQUEST.compareAndSet(this, null, new CloseRequest(code, reason))) {
      signalInOrder(CLOSE_REQUESTED);
    }
  }

  void signalOpened() {
    signal(OPENED);
  }

  /** Several threads may signal at once: the furthest position counts. */
  private void signalInOrder(int bits) {
    final long position = shard.ringPosition();
    long known;
    do {
      known = (long) ORDERED_AFTER.getVolatile(this);
    } while (position > known && !ORDERED_AFTER.compareAndSet(this, known, position));
    signal(bits);
  }

  private void signal(int bits) {
    if ((int) SIGNALS.getAndBitwiseOr(this, bits) == 0) {
      shard.offerSignal(this);
    }
  }

  // ---- The shard's thread ----

  /** Acts on all signals given since the last call, but for those that wait for the ring. */
  void onSignals() {
    int bits = (int) SIGNALS.getAndSet(this, 0);
    if (connection.state() == ConnectionState.CONNECTING) {
      bits |= waiting;
      waiting = 0;
      if ((bits & OPENED) == 0) {
        waiting = bits; // the transport was faster than the end of open(): first things first
        return;
      }
    }
    if ((bits & OPENED) != 0) {
      shard.onOpened(this);
    }
    if ((bits & WRITE_ENDED) != 0) {
      connection.writeEnded();
    }
    if ((bits & WRITE_FAILED) != 0) {
      connection.writeFailed();
    }
    final int inOrder = bits & ORDERED;
    if (inOrder != 0) {
      if (waiting == 0) {
        shard.awaitRing(this);
      }
      waiting |= inOrder;
    }
  }

  /** The ring's position that has to be consumed before {@link #onOrderedSignals}. */
  long orderedAfter() {
    return (long) ORDERED_AFTER.getVolatile(this);
  }

  void onOrderedSignals() {
    final int bits = waiting;
    waiting = 0;
    if ((bits & STALLED_INPUT) != 0 && kept != null) {
      final ByteBuffer taken = kept;
      kept = null;
      shard.receiveKept(this, taken);
    }
    if ((bits & CLOSE_REQUESTED) != 0) {
      connection.close(closeRequest.code(), closeRequest.reason());
    }
    if ((bits & INPUT_ENDED) != 0) {
      connection.endOfInput();
    }
    if ((bits & TRANSPORT_FAILED) != 0) {
      connection.wireFailed(failure);
    }
  }

  OwnedConnection connection() {
    return connection;
  }

  long id() {
    return connection.id();
  }

  int timer() {
    return timer;
  }

  void timer(int index) {
    timer = index;
  }

  void onTimer() {
    timerDeadlineNs = NEVER;
    try {
      connection.onTimer();
    } catch (Throwable t) {
      shard.onDefect(this, t);
    }
  }

  void flush() {
    dirty = false;
    connection.flush();
  }

  @Override
  public boolean isCurrent() {
    return shard.isCurrent();
  }

  @Override
  public void markDirty() {
    if (!dirty) {
      dirty = true;
      shard.addDirty(this);
    }
  }

  @Override
  public void congested(boolean nowCongested) {
    congested = nowCongested;
  }

  /** Whether the send queue is over its high mark. Any thread. */
  boolean isCongested() {
    return congested;
  }

  @Override
  public void timerBy(long deadlineNs) {
    if (deadlineNs < timerDeadlineNs) {
      if (timer != NO_TIMER) {
        shard.timers().cancel(this);
      }
      timerDeadlineNs = deadlineNs;
      shard.timers().schedule(this, deadlineNs);
    }
  }

  @Override
  public void closed(ClosedEvent event) {
    if (timer != NO_TIMER) {
      shard.timers().cancel(this);
    }
    closed = true;
    kept = null;
    shard.onClosed(this, event);
  }
}
