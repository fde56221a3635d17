package org.millrace.engine.sip;

import java.util.Arrays;
import org.agrona.collections.Long2LongHashMap;

/**
 * The transactions of transaction mode: bounded in number and bytes, with a deadline each (C-62).
 * What is used again is never given back; nothing is allocated once warm. One thread.
 */
final class ProxyTransactionStore {
  private static final int NONE = -1;

  private final SipWriter loaded = new SipWriter();
  private final ProxyTransaction[] slots;
  private final int[] free;
  private final Long2LongHashMap byKey;
  private final MessageSlab slab;
  private final DeadlineHeap deadlines;
  private int active;

  ProxyTransactionStore(TransactionSettings settings) {
    final int most = settings.maxTransactions();
    slots = new ProxyTransaction[most];
    free = new int[most];
    Arrays.setAll(free, i -> most - 1 - i);
    byKey = new Long2LongHashMap(2 * most, 0.6f, NONE);
    slab = new MessageSlab(settings.maxBytes());
    deadlines = new DeadlineHeap(most);
  }

  /** Null if there is none. */
  ProxyTransaction get(long key) {
    final int slot = (int) byKey.get(key);
    return slot == NONE ? null : slots[slot];
  }

  /**
   * Begins a transaction with a copy of its request.
   *
   * @param key that none has.
   * @return null if there is no room.
   */
  ProxyTransaction begin(long key, SipMessage request, long nowNs) {
    final int length = request.end() - request.offset();
    final int text =
        active == free.length
            ? MessageSlab.NONE
            : slab.store(request.view(), request.offset(), length);
    if (text == MessageSlab.NONE) {
      return null;
    }
    final int slot = free[free.length - ++active];
    if (slots[slot] == null) {
      slots[slot] = new ProxyTransaction(slot);
    }
    final ProxyTransaction transaction = slots[slot];
    transaction.begin(key, nowNs);
    transaction.text = text;
    transaction.length = length;
    transaction.headerLength = request.bodyOffset() - request.offset();
    byKey.put(key, slot);
    return transaction;
  }

  /** Reads its request, valid until the next one is read. */
  void load(ProxyTransaction transaction, SipMessage into) {
    slab.load(transaction.text, transaction.length, loaded.clear());
    into.parse(loaded.buffer(), 0, loaded.length());
  }

  /** Forgets the body of its request, which nothing will need any more. */
  void dropBody(ProxyTransaction transaction) {
    slab.shorten(transaction.text, transaction.headerLength);
    transaction.length = transaction.headerLength;
  }

  void deadline(ProxyTransaction transaction, long deadlineNs) {
    deadlines.set(transaction.slot, deadlineNs);
  }

  /** The one whose deadline has come, or null. */
  ProxyTransaction due(long nowNs) {
    return !deadlines.isEmpty() && deadlines.deadline(deadlines.first()) - nowNs <= 0
        ? slots[deadlines.first()]
        : null;
  }

  long nextDeadline(long none) {
    return deadlines.isEmpty() ? none : deadlines.deadline(deadlines.first());
  }

  void end(ProxyTransaction transaction) {
    deadlines.remove(transaction.slot);
    byKey.remove(transaction.key);
    slab.release(transaction.text);
    Arrays.fill(transaction.targets, null);
    transaction.group = null;
    free[free.length - active--] = transaction.slot;
  }

  int active() {
    return active;
  }

  long usedBytes() {
    return slab.usedBytes();
  }
}
