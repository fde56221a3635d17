package org.millrace.bench.load.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;

/**
 * Counts what becomes of the messages. Each belongs to the step in which it was to be sent; those
 * of the warm-up are counted nowhere. Times are ns since the run began.
 */
public final class Meter {
  /** The messages of one step. */
  public static final class Step {
    private final long endNs;
    private final Histogram latency = Latencies.histogram();
    private long intended;
    private long sent;
    private long answered;

    private Step(long endNs) {
      this.endNs = endNs;
    }

    public long intended() {
      return intended;
    }

    public long sent() {
      return sent;
    }

    public long answered() {
      return answered;
    }

    public Histogram latency() {
      return latency;
    }
  }

  private final LongSupplier clock;
  private final long warmUpNs;
  private final List<Step> steps = new ArrayList<>();
  private final Map<String, Long> errors = new TreeMap<>();
  private final Map<String, Long> notes = new TreeMap<>();
  private final Histogram handshake = Latencies.histogram();
  private final Histogram late = Latencies.histogram();
  private final Histogram interval = Latencies.histogram();
  private long endNs;
  private long originNs;
  private long nowNs;
  private long answersInTime;
  private long answersInAll;

  /**
   * One for a run.
   *
   * @param clock in ns, of any origin.
   */
  public Meter(LongSupplier clock, long warmUpNs) {
    this.clock = clock;
    this.warmUpNs = warmUpNs;
    endNs = warmUpNs;
    originNs = clock.getAsLong();
  }

  /** Adds a step behind the warm-up and those before it. */
  public void step(long ns) {
    endNs += ns;
    steps.add(new Step(endNs));
  }

  /** The run begins now. */
  public void start() {
    originNs = clock.getAsLong();
    nowNs = 0;
  }

  /** Looks at the clock. */
  public long tick() {
    nowNs = clock.getAsLong() - originNs;
    return nowNs;
  }

  /** The time when the clock was last looked at. */
  public long nowNs() {
    return nowNs;
  }

  public long warmUpNs() {
    return warmUpNs;
  }

  /** The end of the last step. */
  public long endNs() {
    return endNs;
  }

  private Step stepOf(long intendedNs) {
    if (intendedNs < warmUpNs) {
      return null;
    }
    for (int i = 0; i < steps.size() - 1; i++) {
      if (intendedNs < steps.get(i).endNs) {
        return steps.get(i);
      }
    }
    return steps.get(steps.size() - 1);
  }

  /** A message is taken up now that was to be sent then. */
  public void intended(long intendedNs) {
    final Step step = stepOf(intendedNs);
    if (step != null) {
      step.intended++;
      Latencies.record(late, nowNs - intendedNs);
    }
  }

  /** A message that was to be sent then leaves. */
  public void sent(long intendedNs) {
    final Step step = stepOf(intendedNs);
    if (step != null) {
      step.sent++;
    }
  }

  /** A message that was to be sent then is answered now. */
  public void answered(long intendedNs) {
    final Step step = stepOf(intendedNs);
    answersInAll++;
    if (nowNs >= warmUpNs && nowNs < endNs) {
      answersInTime++;
    }
    Latencies.record(interval, nowNs - intendedNs);
    if (step != null) {
      step.answered++;
      Latencies.record(step.latency, nowNs - intendedNs);
    }
  }

  /** A connection was open so long after it began. */
  public void handshake(long ns) {
    Latencies.record(handshake, ns);
  }

  /** Something went wrong. */
  public void error(String kind) {
    errors.merge(kind, 1L, Long::sum);
  }

  /** Something is worth knowing. */
  public void note(String kind) {
    notes.merge(kind, 1L, Long::sum);
  }

  public List<Step> steps() {
    return List.copyOf(steps);
  }

  public Map<String, Long> errors() {
    return errors;
  }

  public Map<String, Long> notes() {
    return notes;
  }

  public Histogram handshakes() {
    return handshake;
  }

  /** How long after their times messages were taken up. */
  public Histogram late() {
    return late;
  }

  /** Latencies since it was last reset, those of the warm-up among them. */
  public Histogram interval() {
    return interval;
  }

  /** Answers that came between the end of the warm-up and that of the last step. */
  public long answersInTime() {
    return answersInTime;
  }

  /** Messages of the measured steps, sent or not, that have no answer yet. */
  public long open() {
    long open = 0;
    for (int i = 0; i < steps.size(); i++) {
      open += steps.get(i).intended - steps.get(i).answered;
    }
    return open;
  }

  /** All answers so far. */
  public long answersInAll() {
    return answersInAll;
  }
}
