package org.millrace.jetty.cli;

import org.millrace.jetty.config.EdgeConfig;

/** Starts an edge. */
@FunctionalInterface
public interface EdgeLauncher {
  /** Returns once it listens. */
  RunningEdge launch(EdgeConfig config) throws Exception;
}
