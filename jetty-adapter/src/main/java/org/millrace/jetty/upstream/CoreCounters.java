package org.millrace.jetty.upstream;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** The values of all {@link CoreCounter}s. Any thread. */
public final class CoreCounters {
  private final Map<CoreCounter, LongAdder> values = new EnumMap<>(CoreCounter.class);

  CoreCounters() {
    for (final CoreCounter counter : CoreCounter.values()) {
      values.put(counter, new LongAdder());
    }
  }

  void increment(CoreCounter counter) {
    values.get(counter).increment();
  }

  public long get(CoreCounter counter) {
    return values.get(counter).sum();
  }
}
