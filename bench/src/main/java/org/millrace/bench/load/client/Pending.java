package org.millrace.bench.load.client;

import java.util.Arrays;

/**
 * The times at which a connection's messages were to be sent, by their numbers from 0 on, until
 * they are answered. Grows to as many as are under way and does not shrink; beyond {@link #MOST}
 * the oldest is forgotten, as if it were never answered.
 */
public final class Pending {
  /** More are never under way on one connection that answers at all. */
  static final int MOST = 1 << 20;

  private static final int FIRST = 16;
  private static final long NONE = Long.MIN_VALUE;

  private long[] times = new long[FIRST];
  private long next;
  private long sent;
  private long oldest;

  public Pending() {
    Arrays.fill(times, NONE);
  }

  /** A further message is due. */
  public void add(long intendedNs) {
    while (oldest < next && times[index(oldest)] == NONE) {
      oldest++;
    }
    if (next - oldest == times.length) {
      makeRoom();
    }
    times[index(next++)] = intendedNs;
  }

  private void makeRoom() {
    if (times.length == MOST && oldest < sent) {
      times[index(oldest++)] = NONE;
      return;
    }
    final long[] larger = new long[2 * times.length];
    Arrays.fill(larger, NONE);
    for (long number = oldest; number < next; number++) {
      larger[(int) (number & (larger.length - 1))] = times[index(number)];
    }
    times = larger;
  }

  private int index(long number) {
    return (int) (number & (times.length - 1));
  }

  /** How many wait to be sent. */
  public long due() {
    return next - sent;
  }

  /** The number of the next to be sent. */
  public long firstDue() {
    return sent;
  }

  /** The time at which the next was to be sent, which is now. */
  public long send() {
    return times[index(sent++)];
  }

  /** Whether a message was sent and is not answered yet. */
  public boolean isOpen(long number) {
    return number >= oldest && number < sent && times[index(number)] != NONE;
  }

  /** The time at which an open message was to be sent; it is answered now. */
  public long answer(long number) {
    final long intendedNs = times[index(number)];
    times[index(number)] = NONE;
    return intendedNs;
  }
}
