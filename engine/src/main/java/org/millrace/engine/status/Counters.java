package org.millrace.engine.status;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * One writer's values of all {@link EngineCounter}s. Written by the thread that owns it without
 * atomic instructions, readable from any thread; each value is current, the set of them is not a
 * snapshot.
 */
public final class Counters {
  /** Keeps the values of two writers out of one cache line. */
  private static final int PADDING = 16;

  private final AtomicLongArray values =
      new AtomicLongArray(PADDING + EngineCounter.idLimit() + PADDING);
  private final AtomicLongArray violations;

  /**
   * @param violations more than any violation's id; they are counted beside the counters.
   */
  public Counters(int violations) {
    this.violations = new AtomicLongArray(violations + PADDING);
  }

  /** Owner only. Counts a connection that was failed or ended for the violation with that id. */
  public void violation(int id) {
    violations.setRelease(id, violations.getPlain(id) + 1);
  }

  /** Any thread. */
  public long violations(int id) {
    return violations.getAcquire(id);
  }

  /** Owner only. */
  public void increment(EngineCounter counter) {
    add(counter, 1);
  }

  /** Owner only. Counts in {@code counter} and in its sub-protocol's twin. */
  public void add(EngineCounter counter, SubProtocol subProtocol, long delta) {
    add(counter, delta);
    final EngineCounter twin = counter.of(subProtocol);
    if (twin != null) {
      add(twin, delta);
    }
  }

  /** Owner only. Counts in the twin of {@code counter} alone. */
  public void addToTwin(EngineCounter counter, SubProtocol subProtocol, long delta) {
    final EngineCounter twin = counter.of(subProtocol);
    if (twin != null) {
      add(twin, delta);
    }
  }

  /** Owner only. */
  public void add(EngineCounter counter, long delta) {
    final int index = PADDING + counter.id();
    values.setRelease(index, values.getPlain(index) + delta);
  }

  /** Owner only. */
  public void set(EngineCounter counter, long value) {
    values.setRelease(PADDING + counter.id(), value);
  }

  /** Owner only. Raises the counter to {@code value} if it is lower. */
  public void max(EngineCounter counter, long value) {
    if (value > values.getPlain(PADDING + counter.id())) {
      set(counter, value);
    }
  }

  /** Any thread. */
  public long get(EngineCounter counter) {
    return values.getAcquire(PADDING + counter.id());
  }
}
