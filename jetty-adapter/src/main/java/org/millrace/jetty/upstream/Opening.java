package org.millrace.jetty.upstream;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/**
 * What is on a socket to the core before its wire: it sees the TLS handshake through, then that of
 * WebSocket, each if there is one, and hands the socket over. Nothing else is sent until then
 * (A-20).
 *
 * <p>It runs on threads of the pool, so that no shard has to calculate a TLS handshake, and none
 * takes a message for sent that a wrong certificate then holds back.
 */
final class Opening extends AbstractConnection
    implements Connection.UpgradeFrom, SslHandshakeListener {
  private static final int MAX_HEAD = 16 * 1024;

  private final LinkAttempt attempt;
  private final Optional<TlsClient> tls;
  private final Optional<WsHandshake> handshake;
  private final Function<EndPoint, Connection> wires;
  private volatile boolean secured;
  private boolean asked;
  private ByteBuffer answer;

  Opening(
      EndPoint endPoint,
      Executor executor,
      LinkAttempt attempt,
      Optional<TlsClient> tls,
      Optional<WsHandshake> handshake,
      Function<EndPoint, Connection> wires) {
    super(endPoint, executor);
    this.attempt = attempt;
    this.tls = tls;
    this.handshake = handshake;
    this.wires = wires;
  }

  @Override
  public void onOpen() {
    super.onOpen();
    attempt.connected(getEndPoint());
    try {
      if (tls.isPresent()) {
        getEndPoint().flush(BufferUtil.EMPTY_BUFFER); // the ClientHello
      }
      proceed();
    } catch (IOException | RuntimeException e) {
      fail(e);
    }
  }

  @Override
  public void handshakeSucceeded(Event event) throws SSLException {
    tls.orElseThrow().verify(event.getSSLEngine().getSession());
    secured = true;
  }

  @Override
  public void onFillable() {
    try {
      proceed();
    } catch (IOException | RuntimeException e) {
      fail(e);
    }
  }

  private void proceed() throws IOException {
    if (tls.isPresent() && !secured && !secure()) {
      fillInterested();
    } else if (handshake.isEmpty()) {
      handOver();
    } else if (!asked) {
      ask();
    } else {
      listen();
    }
  }

  /** Whether the TLS handshake is done. */
  private boolean secure() throws IOException {
    int filled;
    do {
      filled = getEndPoint().fill(BufferUtil.EMPTY_BUFFER);
    } while (filled > 0 && !secured);
    if (filled < 0 && !secured) {
      throw new EOFException("ended in the midst of the TLS handshake");
    }
    return secured;
  }

  private void ask() {
    asked = true;
    answer = BufferUtil.allocate(MAX_HEAD);
    getEndPoint()
        .write(
            Callback.from(this::fillInterested, this::fail),
            ByteBuffer.wrap(handshake.orElseThrow().request()));
  }

  private void listen() throws IOException {
    while (true) {
      final int before = answer.remaining();
      final int filled = getEndPoint().fill(answer);
      if (filled < 0) {
        throw new EOFException("ended in the midst of the opening handshake");
      }
      if (filled == 0) {
        fillInterested();
        return;
      }
      final int length = ResponseHead.length(answer, before);
      if (length >= 0) {
        judge(length);
        return;
      }
      if (BufferUtil.isFull(answer)) {
        throw new IOException("the head of the answer is longer than " + MAX_HEAD);
      }
    }
  }

  private void judge(int length) throws IOException {
    final byte[] bytes = new byte[length];
    answer.get(bytes);
    final Optional<ResponseHead> head = ResponseHead.parse(bytes);
    final Optional<String> defect =
        head.isEmpty()
            ? Optional.of("the answer is not HTTP/1.1")
            : handshake.orElseThrow().defect(head.get());
    if (defect.isPresent()) {
      throw new IOException("opening handshake: " + defect.get());
    }
    handOver();
  }

  private void handOver() {
    getEndPoint().upgrade(wires.apply(getEndPoint()));
  }

  /** What has come behind the head: frames. */
  @Override
  public ByteBuffer onUpgradeFrom() {
    return answer == null ? BufferUtil.EMPTY_BUFFER : answer;
  }

  @Override
  public void onFillInterestedFailed(Throwable cause) {
    fail(cause);
  }

  private void fail(Throwable why) {
    attempt.failed(why);
    getEndPoint().close(why);
  }

  @Override
  public void handshakeFailed(Event event, Throwable failure) {
    attempt.failed(failure);
  }

  /** The link's deadline counts, not how long nothing has come. */
  @Override
  public boolean onIdleExpired(TimeoutException timeout) {
    return false;
  }
}
