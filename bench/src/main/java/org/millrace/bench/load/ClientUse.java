package org.millrace.bench.load;

/**
 * How hard the generator itself worked in the measured time; of several processes the worst.
 *
 * @param busy share of the time that its thread sent, received or counted, 0 to 1. Waiting for the
 *     next message to be due does not count, though it may take CPU.
 * @param starved share of the time that its thread wanted to run and did not get a core, 0 to 1.
 * @param lateP99Ns how long after its time a message was taken up, 99th percentile.
 * @param lateMaxNs the same, the worst.
 * @param gcSeconds in which its JVM collected garbage.
 */
public record ClientUse(
    double busy, double starved, long lateP99Ns, long lateMaxNs, double gcSeconds) {

  /** Of each figure the worse. */
  ClientUse worse(ClientUse other) {
    return new ClientUse(
        Math.max(busy, other.busy),
        Math.max(starved, other.starved),
        Math.max(lateP99Ns, other.lateP99Ns),
        Math.max(lateMaxNs, other.lateMaxNs),
        Math.max(gcSeconds, other.gcSeconds));
  }
}
