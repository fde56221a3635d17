package org.millrace.bench.load.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/**
 * A socket with TLS. A record that has come in part is kept until its rest comes; else it has no
 * buffers of its own.
 */
final class TlsWire implements Wire {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SocketChannel channel;
  private final Outlet outlet;
  private final SSLEngine engine;
  private final ByteBuffer sealed;
  private final ByteBuffer arrived;
  private ByteBuffer part = NOTHING;
  private ByteBuffer early = NOTHING;
  private boolean established;

  TlsWire(SocketChannel channel, SSLEngine engine, ByteBuffer sealed, ByteBuffer arrived) {
    this.channel = channel;
    this.engine = engine;
    this.sealed = sealed;
    this.arrived = arrived;
    outlet = new Outlet(channel);
  }

  @Override
  public boolean write(ByteBuffer bytes) throws IOException {
    if (!established) {
      early = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
      shake();
      return true;
    }
    return seal(bytes);
  }

  private boolean seal(ByteBuffer bytes) throws IOException {
    boolean gone = true;
    while (bytes.hasRemaining()) {
      sealed.clear();
      while (bytes.hasRemaining()
          && sealed.remaining() >= engine.getSession().getPacketBufferSize()) {
        wrap(bytes);
      }
      gone = outlet.write(sealed.flip());
    }
    return gone;
  }

  private SSLEngineResult wrap(ByteBuffer bytes) throws IOException {
    final SSLEngineResult result = engine.wrap(bytes, sealed);
    if (result.getStatus() == Status.CLOSED) {
      throw new IOException("the server ended TLS");
    }
    return result;
  }

  @Override
  public boolean flush() throws IOException {
    return outlet.flush();
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    final int before = target.position();
    arrived.clear().put(part);
    part = NOTHING;
    final int length = channel.read(arrived);
    arrived.flip();
    try {
      final boolean ended = open(target) || length < 0;
      return ended && target.position() == before ? -1 : target.position() - before;
    } catch (SSLException e) {
      throw new IOException("TLS: " + e.getMessage() + hint(e), e);
    }
  }

  private static String hint(SSLException e) {
    final String message = String.valueOf(e.getMessage());
    return message.contains("PKIX") || message.contains("No subject") || message.contains("No name")
        ? ": the server's certificate is not trusted; name it with --trust FILE.pem, or take any"
            + " with --insecure"
        : "";
  }

  /** Opens all whole records; says whether TLS has ended. */
  private boolean open(ByteBuffer target) throws IOException {
    while (true) {
      final SSLEngineResult result = engine.unwrap(arrived, target);
      if (result.getStatus() == Status.CLOSED) {
        return true;
      }
      if (result.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
        shake();
      }
      if (!arrived.hasRemaining()
          || result.getStatus() == Status.BUFFER_UNDERFLOW
          || result.getStatus() == Status.BUFFER_OVERFLOW) {
        keepPart();
        return false;
      }
    }
  }

  private void keepPart() {
    if (arrived.hasRemaining()) {
      part = ByteBuffer.allocate(arrived.remaining()).put(arrived).flip();
    }
  }

  /** Does its part of the handshake, as far as it goes without further bytes. */
  private void shake() throws IOException {
    if (!established && engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING) {
      engine.beginHandshake();
    }
    while (true) {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> engine.getDelegatedTask().run();
        case NEED_WRAP -> {
          sealed.clear();
          final boolean finished = wrap(NOTHING).getHandshakeStatus() == HandshakeStatus.FINISHED;
          outlet.write(sealed.flip());
          if (finished) {
            established();
          }
        }
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          return;
        }
        default -> {
          established();
          return;
        }
      }
    }
  }

  private void established() throws IOException {
    if (!established) {
      established = true;
      seal(early);
      early = NOTHING;
    }
  }

  @Override
  public boolean hasMore() {
    return false;
  }

  @Override
  public void close() {
    outlet.close();
  }
}
