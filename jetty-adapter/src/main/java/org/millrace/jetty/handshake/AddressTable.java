package org.millrace.jetty.handshake;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is remembered of addresses: how many connections each has open, and its rate. Striped by
 * address, a stripe being locked for a few instructions at accept, handshake and close. Bounded: in
 * a full stripe the least recently seen address without connections gives way, and those with
 * connections are bounded by the limit of connections.
 */
final class AddressTable {
  private static final int STRIPES = 64;
  private static final int LOOKED_AT = 8;

  private final Stripe[] stripes = new Stripe[STRIPES];
  private final int perStripe;

  /** One address. Guarded by its stripe. */
  static final class Entry {
    private final AddressKey key;
    private int connections;
    private long fullAt;

    private Entry(AddressKey key, long now) {
      this.key = key;
      this.fullAt = now;
    }
  }

  private static final class Stripe {
    private final Map<AddressKey, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  }

  AddressTable(int addresses) {
    perStripe = Math.max(1, (addresses + STRIPES - 1) / STRIPES);
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new Stripe();
    }
  }

  /** Counts a connection unless there are {@code most} already; null if there are. */
  Entry open(AddressKey key, int most, long now) {
    final Stripe stripe = stripe(key);
    synchronized (stripe) {
      final Entry entry = entry(stripe, key, now);
      if (entry.connections >= most) {
        return null;
      }
      entry.connections++;
      return entry;
    }
  }

  int connections(Entry entry) {
    synchronized (stripe(entry.key)) {
      return entry.connections;
    }
  }

  /** Takes back what {@link #open} counted. */
  void close(Entry entry) {
    final Stripe stripe = stripe(entry.key);
    synchronized (stripe) {
      entry.connections--;
    }
  }

  /** Takes a token of an address. */
  boolean tryTake(AddressKey key, long interval, long tolerance, long now) {
    final Stripe stripe = stripe(key);
    synchronized (stripe) {
      final Entry entry = entry(stripe, key, now);
      if (TokenBucket.isEmpty(entry.fullAt, now, tolerance)) {
        return false;
      }
      entry.fullAt = TokenBucket.next(entry.fullAt, now, interval);
      return true;
    }
  }

  int size() {
    int size = 0;
    for (Stripe stripe : stripes) {
      synchronized (stripe) {
        size += stripe.entries.size();
      }
    }
    return size;
  }

  private Entry entry(Stripe stripe, AddressKey key, long now) {
    Entry entry = stripe.entries.get(key);
    if (entry == null) {
      makeRoom(stripe.entries);
      entry = new Entry(key, now);
      stripe.entries.put(key, entry);
    }
    return entry;
  }

  private void makeRoom(Map<AddressKey, Entry> entries) {
    if (entries.size() < perStripe) {
      return;
    }
    final Iterator<Entry> eldest = entries.values().iterator();
    for (int i = 0; i < LOOKED_AT && eldest.hasNext(); i++) {
      if (eldest.next().connections == 0) {
        eldest.remove();
        return;
      }
    }
  }

  private Stripe stripe(AddressKey key) {
    final int hash = key.hashCode() * 0x9E37_79B9;
    return stripes[hash >>> (Integer.SIZE - 6)];
  }
}
