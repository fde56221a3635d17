package org.millrace.engine.shard;

/** Something that another thread has asked to be done with connections. See {@link Commands}. */
interface Command {
  /**
   * Does some of it. On the shard's thread.
   *
   * @param slots how many slots of the table it may look at, 1 or more.
   * @return how many it has looked at, 1 or more.
   */
  int run(ConnectionTable table, int slots);

  /** Whether nothing is left to be done. On the shard's thread. */
  boolean isDone();

  /** The shard has no connections any more: tells who waits for the end. Any thread. */
  void end();
}
