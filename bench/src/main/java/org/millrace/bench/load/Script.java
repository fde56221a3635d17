package org.millrace.bench.load;

import java.io.IOException;
import java.util.List;
import org.millrace.bench.load.client.Conversation;
import org.millrace.bench.load.client.Driver;

/** How a scenario is played: its connections, and what they get to do. */
interface Script extends Driver.Load {
  /** One for each connection that is opened before the messages begin. */
  List<? extends Conversation> conversations();

  /**
   * Whether all is said that has to be said before the messages begin.
   *
   * @throws LoadException if it cannot be.
   */
  default boolean isReady() throws IOException {
    return true;
  }

  /** Begins the closed loop, if the plan wants one. */
  default void start() {}

  /** The end: what is worth knowing may be counted. */
  default void finish() {}
}
