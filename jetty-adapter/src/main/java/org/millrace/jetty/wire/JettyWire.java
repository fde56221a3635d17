package org.millrace.jetty.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http2.HTTP2Stream;
import org.eclipse.jetty.http2.HTTP2StreamEndPoint;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.Inbound;
import org.millrace.engine.connection.MessageHandler;
import org.millrace.engine.connection.Wire;

/**
 * A Jetty endpoint as a wire of the engine: a plain socket, TLS, or a stream of HTTP/2.
 *
 * <h2>Threads</h2>
 *
 * <ul>
 *   <li>Reading is done by whoever finds the endpoint readable, as a rule its selector's thread:
 *       {@link #onFillable} decrypts and copies into the shard's ring, and that is all. It asks for
 *       the next event when it is done, so that there is never more than one reader at a time.
 *   <li>Writing, resuming and closing are the shard's.
 *   <li>{@link #onUpgradeTo} and {@link #onOpen} run once, on the thread that wrote the 101, before
 *       anybody else knows this wire. The shard's {@link #opened} starts the reading: what was set
 *       until then is visible to readers through Jetty's fill interest.
 * </ul>
 *
 * <h2>Who closes</h2>
 *
 * The endpoint is closed by nobody while a reader is in it: Jetty's stream of HTTP/2 would give the
 * buffer that is being read back to the pool, where other streams find it, and that of TLS would
 * let the shard wait for a decryption. {@code use} counts the readers and says whether the shard
 * wants the end, and who comes last closes.
 *
 * <h2>Kept bytes</h2>
 *
 * Bytes that the ring had no room for lie in {@code kept} before the shard is told of them. Whoever
 * takes them out of there gives the buffer back: the shard that has decoded them, or the end of the
 * connection. A reader may put them there after the end: it sets {@code kept} and then reads {@code
 * use}, {@link #close} sets {@code use} and then takes {@code kept}, both volatile, so that at
 * least one of the two sees the other.
 */
final class JettyWire extends AbstractConnection.NonBlocking
    implements Wire, Connection.UpgradeTo, Callback {
  /**
   * In one event, so that one connection cannot keep a selector to itself. With TLS and HTTP/2 one
   * gives a record or a frame, which may be of a single byte.
   */
  private static final int MAX_FILLS = 64;

  /** Jetty decrypts one into the buffer it is given only if there is more room than this. */
  private static final int LARGEST_TLS_RECORD = 17 * 1024;

  /** A Close with 1013, of a server, for an engine that is full. */
  private static final byte[] TRY_AGAIN_LATER = {(byte) 0x88, 0x02, 0x03, (byte) 0xF5};

  /** In {@link #use}; the rest of it counts readers. */
  private static final int CLOSED = 1 << 30;

  private static final VarHandle KEPT;
  private static final VarHandle USE;

  static {
    try {
      final MethodHandles.Lookup lookup = MethodHandles.lookup();
      KEPT = lookup.findVarHandle(JettyWire.class, "kept", RetainableByteBuffer.class);
      USE = lookup.findVarHandle(JettyWire.class, "use", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Wires wires;
  private final SocketAddress remoteAddress;
  private SocketAddress localAddress;
  private Inbound inbound;

  /** What is needed until the connection is open; null afterwards. */
  private Opening opening;

  /** Until then nothing leaves of our own accord; 0 once that is over. The shard's. */
  private long quietUntilNs;

  /** Of the first write, as long as no other has come. The shard's. */
  private DelayedWrite delayed;

  private volatile boolean heard;
  private volatile RetainableByteBuffer kept;
  private volatile boolean inputEnded;
  private volatile int use;

  /** Why the transport is dead. Set before {@code use} is read, as {@code kept} is. */
  private volatile Throwable failure;

  /** A connection to be opened, and the bytes that came behind its request head. */
  private static final class Opening {
    private final ConnectionContext context;
    private final MessageHandler handler;
    private final Runnable refused;
    private ByteBuffer pipelined;

    private Opening(ConnectionContext context, MessageHandler handler, Runnable refused) {
      this.context = context;
      this.handler = handler;
      this.refused = refused;
    }
  }

  /**
   * @param refused what to do if the engine is full; null for what a server does.
   */
  JettyWire(
      Wires wires,
      EndPoint endPoint,
      SocketAddress remoteAddress,
      ConnectionContext context,
      MessageHandler handler,
      Runnable refused) {
    super(endPoint, wires.executor());
    this.wires = wires;
    this.remoteAddress = remoteAddress;
    opening = new Opening(context, handler, refused);
  }

  // --- the 101 has been written -----------------------------------------------------------------

  @Override
  public void onUpgradeTo(ByteBuffer bytes) {
    if (bytes.hasRemaining()) {
      opening.pipelined = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
    }
  }

  @Override
  public void onOpen() {
    super.onOpen();
    localAddress = getEndPoint().getLocalSocketAddress(); // which a closed socket does not know
    if (!wires.engine().open(opening.context, this, opening.handler)) {
      refused();
    }
  }

  private void refused() {
    if (opening.refused == null) {
      getEndPoint().write(Callback.from(this::close), ByteBuffer.wrap(TRY_AGAIN_LATER));
    } else {
      close();
      opening.refused.run();
    }
  }

  @Override
  public void attached(Inbound inbound) {
    this.inbound = inbound;
  }

  @Override
  public void opened() {
    final ByteBuffer pipelined = opening.pipelined;
    opening = null;
    getEndPoint().setIdleTimeout(-1); // the shard's timers keep the time
    quietUntilNs = wires.quietUntilNs();
    if (pipelined == null || deliver(pipelined)) {
      fillInterested();
    }
    if (isGone()) {
      ended(null);
    }
  }

  /**
   * Whether the end came in the midst of the upgrade, when Jetty had nobody to tell of it. A later
   * one finds the fill interest, or {@link #onClose} an engine to tell.
   */
  private boolean isGone() {
    final EndPoint endPoint = getEndPoint();
    return !endPoint.isOpen()
        || (endPoint.getTransport() instanceof HTTP2Stream stream && stream.isResetOrFailed());
  }

  // --- reading ----------------------------------------------------------------------------------

  @Override
  public void onFillable() {
    if (!beginUse()) {
      return;
    }
    boolean goOn = false;
    try {
      goOn = read(SocketThread.current().readBuffer());
    } catch (IOException | RuntimeException e) {
      failure = e; // says more than what Jetty tells onClose
    } finally {
      endUse();
    }
    if (goOn && failure == null) {
      askForMore();
    }
  }

  private boolean beginUse() {
    int current;
    do {
      current = use;
      if ((current & CLOSED) != 0) {
        return false;
      }
    } while (!USE.compareAndSet(this, current, current + 1));
    return true;
  }

  private void endUse() {
    final int before = (int) USE.getAndAdd(this, -1);
    if (before == CLOSED + 1) {
      closeEndPoint();
    } else if (before == 1 && failure != null) {
      inbound.failed(failure);
    }
  }

  private boolean isClosed() {
    return (use & CLOSED) != 0;
  }

  private void askForMore() {
    try {
      fillInterested();
    } catch (RuntimeException e) {
      inbound.failed(e);
    }
  }

  /** Reads and delivers what there is, within bounds; returns whether to ask for more. */
  private boolean read(ByteBuffer buffer) throws IOException {
    int filled = 1;
    for (int fills = 0; fills < MAX_FILLS && filled > 0 && !isClosed(); ) {
      BufferUtil.clear(buffer);
      IOException broken = null;
      try {
        do {
          filled = fill(buffer);
          fills++;
        } while (filled > 0 && fills < MAX_FILLS && BufferUtil.space(buffer) > LARGEST_TLS_RECORD);
      } catch (IOException e) {
        broken = e; // behind the bytes that are there
      }
      if (filled < 0) {
        inputEnded = true; // before the shard can ask for more
      }
      final boolean goOn = !buffer.hasRemaining() || deliver(buffer);
      if (broken != null) {
        throw broken;
      }
      if (!goOn) {
        return false;
      }
    }
    if (filled < 0) {
      inbound.endOfInput();
    }
    return filled >= 0;
  }

  /**
   * Reads once.
   *
   * @return 0 if there is no more for now, negative at the end, else positive.
   */
  private int fill(ByteBuffer buffer) throws IOException {
    final EndPoint endPoint = getEndPoint();
    final int filled = endPoint.fill(buffer);
    return filled > 0 && endPoint instanceof SocketChannelEndPoint && !BufferUtil.isFull(buffer)
        ? 0 // spares the read that would find nothing
        : filled;
  }

  /** Whether to go on reading. */
  private boolean deliver(ByteBuffer bytes) {
    if (!heard) {
      heard = true;
    }
    final int result = inbound.deliver(bytes);
    if (result == Inbound.STALLED) {
      keep(bytes);
    }
    return result == Inbound.DELIVERED;
  }

  private void keep(ByteBuffer bytes) {
    final RetainableByteBuffer.Mutable buffer = wires.buffers().acquire(bytes.remaining(), true);
    buffer.append(bytes);
    kept = buffer;
    // A view, because the pool's other users rely on the order of theirs.
    inbound.stalled(buffer.getByteBuffer().duplicate().order(ByteOrder.nativeOrder()));
    if (isClosed()) {
      releaseKept();
    }
  }

  private void releaseKept() {
    if (kept != null) {
      final RetainableByteBuffer buffer = (RetainableByteBuffer) KEPT.getAndSet(this, null);
      if (buffer != null) {
        buffer.release();
      }
    }
  }

  @Override
  public void resume() {
    releaseKept();
    if (inputEnded) {
      inbound.endOfInput(); // it was found together with the bytes that were kept
    } else {
      fillInterested();
    }
  }

  @Override
  public void onFillInterestedFailed(Throwable cause) {
    ended(cause);
  }

  // --- writing ----------------------------------------------------------------------------------

  @Override
  public boolean write(ByteBuffer batch) {
    final EndPoint endPoint = getEndPoint();
    if (quietUntilNs != 0 && isUnsolicited()) {
      delayed = new DelayedWrite(this, batch);
      wires.runAt(quietUntilNs, delayed);
      return false;
    }
    delayed = null;
    try {
      if (flush(endPoint, batch)) {
        return true;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    write(endPoint, batch);
    return false;
  }

  /** Hands over as much as is taken at once; returns whether that is all. */
  private static boolean flush(EndPoint endPoint, ByteBuffer batch) throws IOException {
    if (endPoint instanceof HTTP2StreamEndPoint) {
      return false; // takes nothing at once
    }
    if (endPoint instanceof SocketChannelEndPoint socket) {
      socket.getChannel().write(batch); // Jetty's flush would gather from an array of one
      return !batch.hasRemaining();
    }
    final ByteBuffer[] buffers = SocketThread.current().batchOf(batch);
    try {
      return endPoint.flush(buffers);
    } finally {
      buffers[0] = null;
    }
  }

  /**
   * A stream of HTTP/2 gets a copy: Jetty ends the write of one that is reset at once, while its
   * connection may still be writing from there, and by then the batch is another connection's.
   */
  void write(EndPoint endPoint, ByteBuffer batch) {
    final boolean mayOutliveItsEnd = endPoint instanceof HTTP2StreamEndPoint;
    endPoint.write(
        this, mayOutliveItsEnd ? ByteBuffer.allocate(batch.remaining()).put(batch).flip() : batch);
  }

  /**
   * Some clients take bytes that come with the 101 for a part of it, unless they asked for them.
   */
  private boolean isUnsolicited() {
    if (heard || System.nanoTime() - quietUntilNs >= 0) {
      quietUntilNs = 0;
    }
    return quietUntilNs != 0;
  }

  @Override
  public void succeeded() {
    inbound.writeComplete();
  }

  @Override
  public void failed(Throwable cause) {
    inbound.writeFailed(cause);
  }

  @Override
  public InvocationType getInvocationType() {
    return InvocationType.NON_BLOCKING;
  }

  // --- the end ----------------------------------------------------------------------------------

  @Override
  public void shutdownOutput() {
    getEndPoint().shutdownOutput();
  }

  @Override
  public void close() {
    final int before = (int) USE.getAndBitwiseOr(this, CLOSED);
    releaseKept();
    if (delayed != null && delayed.cancel()) {
      failed(new ClosedChannelException()); // whether or not the scheduler still runs
    }
    if (before == 0) {
      closeEndPoint();
    }
  }

  private void closeEndPoint() {
    final EndPoint endPoint = getEndPoint();
    if (endPoint instanceof HTTP2StreamEndPoint stream) {
      reset(stream);
    }
    endPoint.close();
  }

  /** Ends a write that flow control holds up, which closing the stream would not do. */
  private static void reset(HTTP2StreamEndPoint endPoint) {
    final Callback cancelled = endPoint.cancelWrite(new ClosedChannelException());
    if (cancelled != null) {
      cancelled.succeeded();
    }
    ((HTTP2Stream) endPoint.getTransport()).setAttachment(EndedStream.INSTANCE);
  }

  /** By whomever: this side, the peer, or a server that stops. */
  @Override
  public void onClose(Throwable cause) {
    super.onClose(cause);
    if (inbound != null && !(inputEnded && cause == null)) {
      ended(cause);
    }
  }

  private void ended(Throwable cause) {
    if (isClosed()) {
      return;
    }
    failure = cause == null ? new ClosedChannelException() : cause;
    // Jetty tells of what a reader ran into on a thread of its own, and the reader may have bytes
    // to deliver that came before: it tells the engine when it has.
    if (use == 0) {
      inbound.failed(failure);
    }
  }

  @Override
  public boolean onIdleExpired(TimeoutException timeout) {
    return inbound == null; // one that the engine has refused
  }

  @Override
  public SocketAddress localAddress() {
    return localAddress;
  }

  @Override
  public SocketAddress remoteAddress() {
    return remoteAddress;
  }
}
