package org.millrace.jetty.admin;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.NanoClock;

/**
 * Time that a test moves while shards run on threads of their own.
 *
 * <p>A shard reads its clock once a cycle and goes by that until the cycle's end. So a test that
 * has moved the clock may not go on yet: a cycle that has read the old time would take what the
 * test does next with the old time. {@link #isSettled} tells when no such cycle is under way.
 */
final class ShardsClock implements NanoClock, ThreadFactory {
  /**
   * The first reading may be the one at the end of a cycle, or the one before parking. The second
   * is that of a new cycle, if the first was not.
   */
  private static final int READINGS = 2;

  private final AtomicLong nowNs = new AtomicLong(1_000_000_000L);
  private final List<ShardThread> shards = new CopyOnWriteArrayList<>();

  /** Knows what its shard has read last, and how often. Written by itself only. */
  private static final class ShardThread extends Thread {
    private volatile long readNs;
    private volatile int readings;

    private ShardThread(Runnable shard) {
      super(shard);
    }

    private void onReading(long timeNs) {
      if (timeNs != readNs) {
        readings = 0;
        readNs = timeNs;
      }
      readings = Math.min(READINGS, readings + 1);
    }

    private boolean goesBy(long timeNs) {
      return readNs == timeNs && readings >= READINGS;
    }
  }

  @Override
  public Thread newThread(Runnable shard) {
    final ShardThread thread = new ShardThread(shard);
    shards.add(thread);
    return thread;
  }

  @Override
  public long nanoTime() {
    final long timeNs = nowNs.get();
    if (Thread.currentThread() instanceof ShardThread thread) {
      thread.onReading(timeNs);
    }
    return timeNs;
  }

  void advance(long ns) {
    nowNs.addAndGet(ns);
  }

  /** Whether every shard's cycle under way, if there is one, has read the time that is now. */
  boolean isSettled() {
    final long timeNs = nowNs.get();
    return shards.stream().allMatch(shard -> shard.goesBy(timeNs));
  }
}
