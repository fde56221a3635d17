package org.millrace.engine.sip;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/** One instance for each shard, made by the shard when it first needs it. */
final class PerShard<T> {
  private static final int MOST_SHARDS = 256;

  private final AtomicReferenceArray<T> instances = new AtomicReferenceArray<>(MOST_SHARDS);
  private final FlowSender sender;
  private final Supplier<T> maker;

  PerShard(FlowSender sender, Supplier<T> maker) {
    this.sender = sender;
    this.maker = maker;
  }

  /** That of a connection's shard. On that shard: no other makes it or uses it. */
  T of(long connectionId) {
    final int index = sender.shard(connectionId);
    T instance = instances.get(index);
    if (instance == null) {
      instance = maker.get();
      instances.set(index, instance);
    }
    return instance;
  }
}
