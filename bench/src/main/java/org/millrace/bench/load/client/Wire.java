package org.millrace.bench.load.client;

import java.io.IOException;
import java.nio.ByteBuffer;

/** What a connection's bytes go through. */
public interface Wire {
  /**
   * Takes all bytes.
   *
   * @return whether all are on their way; if not, {@link #flush} has to be called until it says so
   *     before more is written.
   */
  boolean write(ByteBuffer bytes) throws IOException;

  /** Goes on with what was left over, and says whether nothing is any more. */
  boolean flush() throws IOException;

  /** Reads what is there: how many bytes, 0 for nothing now, -1 for the end. */
  int read(ByteBuffer target) throws IOException;

  /** Whether a further {@link #read} may have something before the socket has. */
  boolean hasMore();

  /** Ends it at once. */
  void close();
}
