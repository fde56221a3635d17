package org.millrace.jetty.admin;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.millrace.engine.connection.Inbound;
import org.millrace.engine.connection.Wire;

/** A transport that takes every byte at once. */
final class MemoryWire implements Wire {
  private final InetSocketAddress remote;
  private final InetSocketAddress local;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private volatile Inbound inbound;
  private volatile boolean closed;

  MemoryWire(String remoteHost, int remotePort) {
    remote = address(remoteHost, remotePort);
    local = address("192.0.2.10", 443);
  }

  private static InetSocketAddress address(String host, int port) {
    try {
      return new InetSocketAddress(InetAddress.getByName(host), port);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Everything written so far, in hexadecimal. */
  synchronized String writtenHex() {
    return HexFormat.of().formatHex(written.toByteArray());
  }

  void deliverHex(String hex) {
    final byte[] bytes = HexFormat.of().parseHex(hex);
    inbound.deliver(
        ByteBuffer.allocateDirect(bytes.length).order(ByteOrder.nativeOrder()).put(bytes).flip());
  }

  /** The peer goes. */
  void endOfInput() {
    inbound.endOfInput();
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public void attached(Inbound newInbound) {
    inbound = newInbound;
  }

  @Override
  public void opened() {}

  @Override
  public synchronized boolean write(ByteBuffer batch) {
    final byte[] bytes = new byte[batch.remaining()];
    batch.get(bytes);
    written.writeBytes(bytes);
    return true;
  }

  @Override
  public void resume() {}

  @Override
  public void shutdownOutput() {}

  @Override
  public void close() {
    closed = true;
  }

  @Override
  public SocketAddress localAddress() {
    return local;
  }

  @Override
  public SocketAddress remoteAddress() {
    return remote;
  }
}
