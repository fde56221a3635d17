package org.millrace.jetty.cli;

import java.net.URI;
import java.util.List;

/** An edge that was started, as far as the command line has to do with it. */
public interface RunningEdge extends AutoCloseable {
  /** Where it listens, in the order of the listeners. */
  List<URI> addresses();

  /** Where operators reach it; null if nowhere. */
  URI adminAddress();

  /** Closes connections in turn; returns when all are closed (true) or it took too long. */
  boolean drain();

  /** Drops whatever is left. */
  @Override
  void close();
}
