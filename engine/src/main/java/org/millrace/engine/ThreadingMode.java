package org.millrace.engine;

/** Who runs the shards. */
public enum ThreadingMode {
  /** A thread for each shard, which parks when there is nothing to do. */
  DEDICATED,
  /** Whoever calls {@link Engine#doWork}, one thread at a time. */
  INVOKER
}
