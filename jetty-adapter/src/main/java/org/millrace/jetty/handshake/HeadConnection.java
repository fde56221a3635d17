package org.millrace.jetty.handshake;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the head of the one HTTP/1.1 request of a connection and has it judged. What passes goes on
 * to Jetty's {@link HttpConnection}, which reads the same bytes again; what does not is answered
 * from here, so that a refused client costs no more than its head, and its answer is not lost: the
 * connection is half-closed and drained before it is closed.
 *
 * <p>Reading and judging run on threads of the pool, never on a selector's.
 */
final class HeadConnection extends AbstractConnection
    implements Connection.UpgradeFrom, Connection.UpgradeTo {
  private static final Logger LOG = LoggerFactory.getLogger(HeadConnection.class);
  private static final int FIRST_BUFFER = 4096;
  private static final int MAX_DRAINED = 64 * 1024;

  private final Connector connector;
  private final ListenerHandshakes handshakes;
  private final Supplier<HttpConnection> http;
  private final HeadReader reader;

  private final Callback fillable = Callback.from(this::onFillable, this::onFillInterestedFailed);

  /** Set by whoever decides: the reader, or the deadline. */
  private final AtomicBoolean decided = new AtomicBoolean();

  /** What was received. Guarded by this. */
  private RetainableByteBuffer received;

  private ByteBuffer handedOn;
  private int drained;
  private volatile boolean started;

  /**
   * Creates the connection.
   *
   * @param http makes the connection that goes on with an accepted request.
   */
  HeadConnection(
      Connector connector,
      EndPoint endPoint,
      ListenerHandshakes handshakes,
      Supplier<HttpConnection> http) {
    super(endPoint, connector.getExecutor());
    this.connector = connector;
    this.handshakes = handshakes;
    this.http = http;
    this.reader = new HeadReader(handshakes.config());
  }

  @Override
  public void onOpen() {
    super.onOpen();
    AdmittedEndPoint.under(getEndPoint())
        .ifPresent(endPoint -> endPoint.onDeadline(() -> getExecutor().execute(this::expire)));
    final boolean mayHaveBytes;
    synchronized (this) {
      mayHaveBytes = received != null;
    }
    if (mayHaveBytes) {
      getExecutor().execute(this::onFillable);
    } else {
      fillInterested(fillable);
    }
  }

  /** Takes what was read behind a PROXY header. */
  @Override
  public synchronized void onUpgradeTo(ByteBuffer bytes) {
    if (BufferUtil.hasContent(bytes)) {
      reserve(bytes.remaining());
      BufferUtil.append(received.getByteBuffer(), bytes);
    }
  }

  @Override
  public void onFillable() {
    if (decided.get()) {
      drain();
      return;
    }
    final HeadReader.Progress progress = read();
    if (progress != HeadReader.Progress.MORE && decided.compareAndSet(false, true)) {
      try {
        decide(progress);
      } catch (RuntimeException e) {
        // No deadline guards the connection any more.
        LOG.error("A handshake could not be handed on", e);
        getEndPoint().close(e);
      }
    }
  }

  /** Reads as much as there is. If the head is not complete then, waits for more. */
  private synchronized HeadReader.Progress read() {
    while (true) {
      reserve(1);
      final ByteBuffer buffer = received.getByteBuffer();
      final HeadReader.Progress progress =
          buffer.hasRemaining() ? reader.read(buffer) : HeadReader.Progress.MORE;
      started |= buffer.hasRemaining();
      if (progress != HeadReader.Progress.MORE) {
        return progress;
      }
      final int filled = fill(buffer);
      if (filled <= 0) {
        if (!buffer.hasRemaining()) {
          release();
        }
        if (filled < 0) {
          endOfInput();
        } else {
          tryFillInterested(fillable);
        }
        return HeadReader.Progress.MORE;
      }
    }
  }

  private int fill(ByteBuffer buffer) {
    try {
      return getEndPoint().fill(buffer);
    } catch (IOException e) {
      // Reset by the peer, or bad TLS: either way nobody is there to be answered.
      return -1;
    }
  }

  /** Makes sure that there is room for this many bytes more; what was received is kept. */
  private void reserve(int more) {
    if (received == null) {
      received = connector.getByteBufferPool().acquire(Math.max(FIRST_BUFFER, more), true);
      return;
    }
    final ByteBuffer old = received.getByteBuffer();
    if (old.capacity() - old.limit() < more) {
      final int size = Math.max(2 * old.capacity(), old.limit() + more);
      final RetainableByteBuffer larger = connector.getByteBufferPool().acquire(size, true);
      BufferUtil.append(larger.getByteBuffer(), old.slice(0, old.limit()));
      received.release();
      received = larger;
    }
  }

  /** Of the head, as long as it has not been decided. */
  @Override
  public synchronized long getBytesIn() {
    return received == null ? 0 : received.getByteBuffer().remaining();
  }

  private synchronized void release() {
    if (received != null) {
      received.release();
      received = null;
    }
  }

  private void endOfInput() {
    if (decided.compareAndSet(false, true)) {
      if (started) {
        handshakes.unreadable(RefusalReason.END_OF_INPUT, Peer.of(getEndPoint()));
      }
      close();
    }
  }

  /** The deadline has passed. */
  private void expire() {
    if (decided.compareAndSet(false, true)) {
      final RefusalReason reason =
          started ? RefusalReason.HEAD_INCOMPLETE : RefusalReason.NOTHING_RECEIVED;
      refuse(handshakes.unreadable(reason, Peer.of(getEndPoint())));
    }
  }

  private void decide(HeadReader.Progress progress) {
    final Peer peer = Peer.of(getEndPoint());
    peer.endPoint().ifPresent(AdmittedEndPoint::deadlineMet);
    if (progress == HeadReader.Progress.REFUSED) {
      refuse(handshakes.unreadable(reader.reason(), peer));
      return;
    }
    final Decision decision = handshakes.decide(reader.head(), peer, pipelined());
    if (decision instanceof Refusal refusal) {
      refuse(refusal);
    } else if (decision instanceof Decision.Accepted accepted) {
      handOn(AcceptedHandshake.ATTRIBUTE, accepted.handshake());
    } else {
      handOn(Decision.Plain.ATTRIBUTE, decision);
    }
  }

  private synchronized int pipelined() {
    return received.getByteBuffer().limit() - reader.length();
  }

  /** Lets Jetty read the request and whatever followed it, with what was decided attached. */
  private void handOn(String attribute, Object decision) {
    final HttpConnection next = http.get();
    next.setAttribute(attribute, decision);
    final boolean handshake = attribute.equals(AcceptedHandshake.ATTRIBUTE);
    synchronized (this) {
      handedOn = JettyHead.of(received.getByteBuffer(), reader, handshake);
    }
    getEndPoint().upgrade(next);
    release();
  }

  @Override
  public ByteBuffer onUpgradeFrom() {
    return handedOn;
  }

  private void refuse(Refusal refusal) {
    release();
    if (refusal.status() == 0) {
      close();
      return;
    }
    final Duration linger = handshakes.config().lingerTimeout();
    AdmittedEndPoint.under(getEndPoint())
        .ifPresent(endPoint -> endPoint.closeAfter(connector.getScheduler(), linger));
    final byte[] answer = answer(refusal).getBytes(StandardCharsets.ISO_8859_1);
    getEndPoint().write(Callback.from(this::linger, failure -> close()), ByteBuffer.wrap(answer));
  }

  private static String answer(Refusal refusal) {
    final StringBuilder answer = new StringBuilder(256);
    answer
        .append("HTTP/1.1 ")
        .append(refusal.status())
        .append(' ')
        .append(HttpStatus.getMessage(refusal.status()))
        .append("\r\n");
    for (RequestHead.Field field : refusal.fields()) {
      answer.append(field.name()).append(": ").append(field.value()).append("\r\n");
    }
    return answer.append("Connection: close\r\nContent-Length: 0\r\n\r\n").toString();
  }

  /** The answer is written: says so to the peer and waits until it has read it. */
  private void linger() {
    getEndPoint().shutdownOutput();
    tryFillInterested(fillable);
  }

  /** Throws away what a refused client goes on sending. */
  private synchronized void drain() {
    if (!getEndPoint().isOutputShutdown()) {
      // The answer is still being written; linger() comes back here.
      return;
    }
    reserve(1);
    final ByteBuffer buffer = received.getByteBuffer();
    int filled;
    do {
      BufferUtil.clear(buffer);
      filled = fill(buffer);
      drained += Math.max(0, filled);
    } while (filled > 0 && drained <= MAX_DRAINED);
    release();
    if (filled == 0) {
      tryFillInterested(fillable);
    } else {
      close();
    }
  }

  @Override
  public void onFillInterestedFailed(Throwable cause) {
    close();
  }

  /** The deadline counts, from accept on; not how long nothing has come. */
  @Override
  public boolean onIdleExpired(TimeoutException timeout) {
    return false;
  }

  @Override
  public void onClose(Throwable cause) {
    if (handedOn == null) {
      release();
    }
    super.onClose(cause);
  }
}
