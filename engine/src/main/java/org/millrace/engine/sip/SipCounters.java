package org.millrace.engine.sip;

import java.util.concurrent.atomic.LongAdder;

/** The values of all {@link SipCounter}s. Any thread. */
public final class SipCounters {
  private final LongAdder[] values = new LongAdder[SipCounter.idLimit()];

  public SipCounters() {
    for (int i = 0; i < values.length; i++) {
      values[i] = new LongAdder();
    }
  }

  void increment(SipCounter counter) {
    values[counter.id()].increment();
  }

  void add(SipCounter counter, long delta) {
    values[counter.id()].add(delta);
  }

  public long get(SipCounter counter) {
    return values[counter.id()].sum();
  }
}
