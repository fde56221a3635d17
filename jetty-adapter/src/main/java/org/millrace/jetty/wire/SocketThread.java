package org.millrace.jetty.wire;

import java.nio.ByteBuffer;
import org.eclipse.jetty.util.BufferUtil;

/** What a thread that reads from or writes to sockets uses again and again. */
final class SocketThread {
  /** The largest TLS record fits, and many small messages. */
  private static final int READ_BUFFER_SIZE = 64 * 1024;

  private static final ThreadLocal<SocketThread> CURRENT =
      ThreadLocal.withInitial(SocketThread::new);

  private final ByteBuffer[] batch = new ByteBuffer[1];

  /** Made by the first read: threads that only write need none. */
  private ByteBuffer readBuffer;

  static SocketThread current() {
    return CURRENT.get();
  }

  /** In Jetty's flush mode. */
  ByteBuffer readBuffer() {
    if (readBuffer == null) {
      readBuffer = BufferUtil.allocateDirect(READ_BUFFER_SIZE);
    }
    return readBuffer;
  }

  /** One array for all writes of this thread, to be emptied after each. */
  ByteBuffer[] batchOf(ByteBuffer buffer) {
    batch[0] = buffer;
    return batch;
  }
}
