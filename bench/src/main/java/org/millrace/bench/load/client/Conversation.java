package org.millrace.bench.load.client;

import java.io.IOException;
import java.nio.ByteBuffer;

/** What is said on one connection. All calls come from one thread. */
public interface Conversation {
  /** The server has answered the opening handshake with 101. */
  void opened(Connection connection) throws IOException;

  /** A message is due: it was to be sent at that time and waits for its turn. */
  void due(long intendedNs);

  /**
   * Frames that are to leave, several if several are due; null for none. The buffer is the caller's
   * until the next call for any connection.
   */
  ByteBuffer nextBatch() throws IOException;

  /**
   * Part of a data message.
   *
   * @param bytes from {@code from} to before {@code to}; position and limit are the callee's to
   *     change.
   * @param first whether the message begins here.
   * @param last whether it ends here.
   */
  void received(ByteBuffer bytes, int from, int to, boolean first, boolean last) throws IOException;

  /** Whether a Close of the server with this code is what was to be expected. */
  boolean mayClose(int code);

  /** Whether the server may end the connection in any way without that being an error. */
  default boolean mayEnd() {
    return false;
  }

  /** The connection has ended, by an error or by the server. */
  void gone();
}
