package org.millrace.bench.load.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A socket. */
public final class PlainWire implements Wire {
  private final SocketChannel channel;
  private final Outlet outlet;

  /** Of a channel that does not block. */
  public PlainWire(SocketChannel channel) {
    this.channel = channel;
    outlet = new Outlet(channel);
  }

  @Override
  public boolean write(ByteBuffer bytes) throws IOException {
    return outlet.write(bytes);
  }

  @Override
  public boolean flush() throws IOException {
    return outlet.flush();
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    return channel.read(target);
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
