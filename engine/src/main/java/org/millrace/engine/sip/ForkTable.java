package org.millrace.engine.sip;

import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The forks of all shards by their branch, no more than so many. Any thread. */
final class ForkTable {
  private final ConcurrentMap<ByteKey, Fork> forks = new ConcurrentHashMap<>();
  private final AtomicInteger count = new AtomicInteger();
  private final int most;

  ForkTable(int most) {
    this.most = most;
  }

  /** False if the table is full, or has another of the same branch. */
  boolean put(Fork fork) {
    if (count.incrementAndGet() > most || forks.putIfAbsent(fork.key(), fork) != null) {
      count.decrementAndGet();
      return false;
    }
    return true;
  }

  void remove(Fork fork) {
    if (forks.remove(fork.key(), fork)) {
      count.decrementAndGet();
    }
  }

  boolean isEmpty() {
    return count.get() == 0;
  }

  int size() {
    return count.get();
  }

  /** Null if there is none. */
  Fork get(ByteKey key) {
    return forks.get(key);
  }

  Collection<Fork> all() {
    return forks.values();
  }
}
