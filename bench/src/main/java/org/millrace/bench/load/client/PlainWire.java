package org.millrace.bench.load.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A socket. What it does not take is kept in a buffer that it has only then. */
public final class PlainWire implements Wire {
  private final SocketChannel channel;
  private ByteBuffer leftOver;

  /** Of a channel that does not block. */
  public PlainWire(SocketChannel channel) {
    this.channel = channel;
  }

  @Override
  public boolean write(ByteBuffer bytes) throws IOException {
    channel.write(bytes);
    if (bytes.hasRemaining()) {
      leftOver = ByteBuffer.allocateDirect(bytes.remaining()).put(bytes).flip();
    }
    return leftOver == null;
  }

  @Override
  public boolean flush() throws IOException {
    if (leftOver != null) {
      channel.write(leftOver);
      if (!leftOver.hasRemaining()) {
        leftOver = null;
      }
    }
    return leftOver == null;
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
    try {
      channel.close();
    } catch (IOException e) {
      throw new AssertionError("a channel that does not block closes without an error", e);
    }
  }
}
