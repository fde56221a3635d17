package org.millrace.engine.shard;

import org.millrace.engine.status.Counters;
import org.millrace.engine.status.EngineCounter;

/** How long duty cycles take, as counters: the longest, and how many were over the threshold. */
final class DutyCycleTracker {
  private final Counters counters;
  private final long thresholdNs;

  DutyCycleTracker(Counters counters, long thresholdNs) {
    this.counters = counters;
    this.thresholdNs = thresholdNs;
  }

  void onCycle(long durationNs) {
    counters.max(EngineCounter.MAX_CYCLE_TIME_NS, durationNs);
    if (durationNs > thresholdNs) {
      counters.increment(EngineCounter.CYCLE_STALLS);
    }
  }
}
