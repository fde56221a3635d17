package org.millrace.bench.load.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A socket's way out. What it does not take is kept, in a buffer that is there only then. */
final class Outlet {
  private final SocketChannel channel;
  private ByteBuffer leftOver;

  Outlet(SocketChannel channel) {
    this.channel = channel;
  }

  /** Takes all bytes and says whether they are on their way. */
  boolean write(ByteBuffer bytes) throws IOException {
    if (leftOver == null) {
      channel.write(bytes);
      if (!bytes.hasRemaining()) {
        return true;
      }
    }
    final int before = leftOver == null ? 0 : leftOver.remaining();
    final ByteBuffer longer = ByteBuffer.allocate(before + bytes.remaining());
    if (leftOver != null) {
      longer.put(leftOver);
    }
    leftOver = longer.put(bytes).flip();
    return false;
  }

  /** Goes on with what was left over, and says whether nothing is any more. */
  boolean flush() throws IOException {
    if (leftOver != null) {
      channel.write(leftOver);
      if (!leftOver.hasRemaining()) {
        leftOver = null;
      }
    }
    return leftOver == null;
  }

  /** Ends the socket. */
  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new AssertionError("a channel that does not block closes without an error", e);
    }
  }
}
