package org.millrace.bench.load;

import org.HdrHistogram.Histogram;

/**
 * The messages of a time, and what became of them. A message belongs to the time at which it was to
 * be sent.
 *
 * @param seconds of that time.
 * @param intended messages that were to be sent.
 * @param sent of these; the rest could not leave because a connection had no room or was gone.
 * @param answered of those sent, each at most once.
 * @param latency of those answered, in ns, from the time at which they were to be sent.
 */
public record Tally(double seconds, long intended, long sent, long answered, Histogram latency) {
  /** Messages that were sent and never answered. */
  public long lost() {
    return sent - answered;
  }

  /** Messages that were never sent. */
  public long unsent() {
    return intended - sent;
  }

  /** A percentile of the latency, in ns. */
  public long percentile(double percent) {
    return latency.getValueAtPercentile(percent);
  }

  /** Both together: of two processes at the same time. */
  Tally beside(Tally other) {
    final Histogram sum = latency.copy();
    sum.add(other.latency);
    return new Tally(
        Math.max(seconds, other.seconds),
        intended + other.intended,
        sent + other.sent,
        answered + other.answered,
        sum);
  }
}
