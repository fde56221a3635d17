package org.millrace.engine.sip;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Who is where: the bindings of each address of record, the last refreshed first.
 *
 * <p>Read and written by all shards. The value of an address is an immutable array; a change makes
 * a new one and puts it in place of the very one it was made from, or starts again. So each address
 * has one order of changes, and a reader sees all of a change or nothing of it. The number of
 * bindings is counted beside it and may be off for a moment by what is just being changed; it is a
 * limit against flooding, not an account.
 */
final class Location {
  private final ConcurrentMap<ByteKey, Binding[]> users = new ConcurrentHashMap<>();
  private final AtomicInteger bindings = new AtomicInteger();
  private Iterator<Map.Entry<ByteKey, Binding[]>> sweep;

  /** The bindings of an address, expired ones among them; null for none. */
  Binding[] get(ByteKey address) {
    return users.get(address);
  }

  /**
   * Puts {@code after} in place of {@code before}.
   *
   * @param address kept if it is new: no probe.
   * @param before as {@link #get} gave it, null for none.
   * @return false, and nothing changed, if somebody else has changed it meanwhile.
   */
  boolean replace(ByteKey address, Binding[] before, Binding[] after) {
    final boolean done;
    if (before == null) {
      done = after.length == 0 || users.putIfAbsent(address, after) == null;
    } else if (after.length == 0) {
      done = users.remove(address, before);
    } else {
      done = users.replace(address, before, after);
    }
    if (done) {
      bindings.addAndGet(after.length - (before == null ? 0 : before.length));
    }
    return done;
  }

  /** Removes the bindings of an address that are expired or belong to a connection. */
  private void prune(ByteKey address, long connectionId, long nowNs) {
    Binding[] before;
    Binding[] after;
    do {
      before = users.get(address);
      if (before == null) {
        return;
      }
      after =
          Arrays.stream(before)
              .filter(b -> b.connectionId() != connectionId && !b.isExpired(nowNs))
              .toArray(Binding[]::new);
    } while (after.length < before.length && !replace(address, before, after));
  }

  /** Removes what was registered over a connection. By the shard that owns it. */
  void connectionGone(long connectionId, Collection<ByteKey> addresses, long nowNs) {
    for (final ByteKey address : addresses) {
      prune(address, connectionId, nowNs);
    }
    addresses.clear();
  }

  /**
   * Removes expired bindings of the next few addresses. One caller at a time.
   *
   * @param most addresses to look at.
   */
  void sweep(long nowNs, int most) {
    for (int i = 0; i < most; i++) {
      if (sweep == null || !sweep.hasNext()) {
        sweep = users.entrySet().iterator();
        if (i > 0 || !sweep.hasNext()) {
          return; // once around is enough
        }
      }
      prune(sweep.next().getKey(), -1, nowNs);
    }
  }

  /** How many bindings there are, expired ones that nobody has met yet among them. */
  int size() {
    return bindings.get();
  }

  int addresses() {
    return users.size();
  }

  /** Up to {@code most} addresses in no order. */
  List<ByteKey> list(int most) {
    final List<ByteKey> list = new ArrayList<>();
    for (final ByteKey address : users.keySet()) {
      if (list.size() == most) {
        break;
      }
      list.add(address);
    }
    return list;
  }
}
