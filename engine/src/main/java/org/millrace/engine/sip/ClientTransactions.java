package org.millrace.engine.sip;

import org.agrona.DirectBuffer;
import org.agrona.collections.Long2LongHashMap;
import org.millrace.engine.connection.ConfigurationException;

/**
 * Repeats what was sent over UDP until it is answered (C-60): clients over WebSocket send once, so
 * a datagram that is lost would be lost for good.
 *
 * <p>These are client transactions of timers alone (RFC 3261 section 17.1, timers A, B, E, F): they
 * see responses and never consume them, and know nothing of ACK, which the client makes. Hence they
 * need no timers D and K: once one has ended, a response finds nothing and passes as any. The key
 * is branch and method, so that a CANCEL has one of its own.
 *
 * <p>Owned by one thread. It must add a request before it hands in a response to it: who reads
 * datagrams on this thread, and gets requests from others through a queue into which they are put
 * before they are sent, drains the queue after each read and before it handles what was read.
 *
 * <p>Bounded in number and bytes; what finds no room is not repeated, and counted. Nothing is
 * allocated once warm.
 */
public final class ClientTransactions {
  /** What {@link #poll} says if nothing is under way. */
  public static final long NO_DEADLINE = Long.MAX_VALUE;

  /** Most that one poll sends, so that answers are read between. */
  static final int MOST_PER_POLL = 64;

  private static final int NONE = -1;

  /** Sends a datagram once more. */
  public interface Resender {
    /**
     * Sends it; what does not leave is lost like any datagram.
     *
     * @param destination as it was given to {@link ClientTransactions#add}.
     * @param buffer holds the same bytes as then; valid until this returns.
     */
    void resend(long destination, DirectBuffer buffer, int offset, int length);
  }

  private final SipMessage message = new SipMessage();
  private final SipWriter again = new SipWriter();
  private final SipTimers timers;
  private final SipCounters counters;
  private final MessageSlab slab;
  private final DeadlineHeap deadlines;
  private final Long2LongHashMap slots;
  private final long[] keys;
  private final long[] destinations;
  private final long[] ends;
  private final long[] intervals;
  private final boolean[] invites;
  private final int[] texts;
  private final int[] lengths;
  private final int[] free;
  private int active;

  /**
   * @param maxTransactions most at a time, 1 or more.
   * @param maxBytes most memory for their messages; each takes a multiple of 1024.
   */
  public ClientTransactions(
      SipTimers timers, int maxTransactions, long maxBytes, SipCounters counters) {
    ConfigurationException.require(
        maxTransactions > 0, "maxTransactions", maxTransactions, "must be 1 or more");
    ConfigurationException.require(maxBytes >= 0, "maxBytes", maxBytes, "must be 0 or more");
    this.timers = timers;
    this.counters = counters;
    slab = new MessageSlab(maxBytes);
    deadlines = new DeadlineHeap(maxTransactions);
    slots = new Long2LongHashMap(2 * maxTransactions, 0.6f, NONE);
    keys = new long[maxTransactions];
    destinations = new long[maxTransactions];
    ends = new long[maxTransactions];
    intervals = new long[maxTransactions];
    invites = new boolean[maxTransactions];
    texts = new int[maxTransactions];
    lengths = new int[maxTransactions];
    free = new int[maxTransactions];
    for (int i = 0; i < maxTransactions; i++) {
      free[i] = maxTransactions - 1 - i;
    }
  }

  /** How long they wait. */
  public SipTimers timers() {
    return timers;
  }

  /**
   * Begins a transaction for a request that is being sent, or has just been.
   *
   * @param destination whatever tells the {@link Resender} where to.
   * @param buffer holds the request as it is sent; copied.
   * @return whether it will be repeated: not an ACK, not one of the same branch and method as
   *     another that is, and not if there is no room, which is counted.
   */
  public boolean add(long destination, DirectBuffer buffer, int offset, int length, long nowNs) {
    if (message.parse(buffer, offset, length) != SipDefect.NONE
        || !message.isRequest()
        || message.method() == SipMethod.ACK
        || message.topVia().branchLength() < 0) {
      return false;
    }
    final long key = key();
    if (slots.get(key) != NONE) {
      return false;
    }
    final int text = active == free.length ? MessageSlab.NONE : slab.store(buffer, offset, length);
    if (text == MessageSlab.NONE) {
      counters.increment(SipCounter.UNTRACKED_TRANSACTIONS);
      return false;
    }
    final int slot = free[free.length - ++active];
    slots.put(key, slot);
    keys[slot] = key;
    destinations[slot] = destination;
    ends[slot] = nowNs + timers.transactionNs();
    intervals[slot] = timers.t1Ns();
    invites[slot] = message.method() == SipMethod.INVITE;
    texts[slot] = text;
    lengths[slot] = length;
    deadlines.set(slot, nowNs + timers.t1Ns());
    return true;
  }

  private long key() {
    final ViaValue via = message.topVia();
    final long branch =
        Hash.add(Hash.EMPTY, message.text(), via.branchOffset(), via.branchLength());
    return Hash.mix(Hash.add(branch, message.method()));
  }

  /**
   * Takes note of what the core says. A final response ends the repeating, and so does a
   * provisional one to INVITE; to others a provisional one makes it slow.
   *
   * @param buffer holds the message, a response or not; left alone.
   * @return whether it answers a transaction that was under way.
   */
  public boolean onResponse(DirectBuffer buffer, int offset, int length) {
    if (active == 0
        || message.parse(buffer, offset, length) != SipDefect.NONE
        || message.isRequest()
        || message.topVia().branchLength() < 0) {
      return false;
    }
    final int slot = (int) slots.get(key());
    if (slot == NONE) {
      return false;
    }
    if (message.status() >= 200 || invites[slot]) {
      end(slot);
    } else {
      intervals[slot] = timers.t2Ns();
    }
    return true;
  }

  private void end(int slot) {
    deadlines.remove(slot);
    slots.remove(keys[slot]);
    slab.release(texts[slot]);
    free[free.length - active--] = slot;
  }

  /**
   * Sends again what is due, and gives up what has had its time.
   *
   * @return when to poll again, in the clock's nanoseconds, perhaps at once; or {@link
   *     #NO_DEADLINE}.
   */
  public long poll(long nowNs, Resender resender) {
    for (int i = 0; i < MOST_PER_POLL && !deadlines.isEmpty(); i++) {
      final int slot = deadlines.first();
      if (deadlines.deadline(slot) - nowNs > 0) {
        break;
      }
      if (ends[slot] - nowNs <= 0) {
        counters.increment(SipCounter.UNANSWERED_TRANSACTIONS);
        end(slot);
      } else {
        resend(slot, nowNs, resender);
      }
    }
    return deadlines.isEmpty() ? NO_DEADLINE : deadlines.deadline(deadlines.first());
  }

  private void resend(int slot, long nowNs, Resender resender) {
    final long doubled = 2 * intervals[slot];
    intervals[slot] = invites[slot] ? doubled : Math.min(doubled, timers.t2Ns());
    final long left = ends[slot] - nowNs;
    deadlines.set(slot, nowNs + Math.min(intervals[slot], left));
    slab.load(texts[slot], lengths[slot], again.clear());
    counters.increment(SipCounter.RETRANSMISSIONS);
    resender.resend(destinations[slot], again.buffer(), 0, again.length());
  }

  /** Transactions under way. */
  public int active() {
    return active;
  }

  /** Memory that their messages take. */
  public long usedBytes() {
    return slab.usedBytes();
  }
}
