package org.millrace.engine.sip;

/**
 * Which target a branch was sent to, so that CANCEL and the ACK of a failure follow their INVITE
 * when targets go down or come up between them (C-70, EP-26). One a router.
 *
 * <p>Of fixed size: a key has eight places, and when all are taken the one that would be forgotten
 * first goes. What is forgotten is chosen again, which is the same choice unless health has changed
 * in between.
 */
final class TargetMemory {
  private static final int WAYS = 8;

  private final long[] keys;
  private final Target[] targets;
  private final long[] expiries;
  private final int mask;

  /**
   * @param capacity a power of two, {@value #WAYS} or more.
   */
  TargetMemory(int capacity) {
    if (capacity < WAYS || Integer.bitCount(capacity) != 1) {
      throw new IllegalArgumentException("capacity=" + capacity + ": must be a power of two");
    }
    keys = new long[capacity];
    targets = new Target[capacity];
    expiries = new long[capacity];
    mask = capacity - WAYS;
  }

  void put(long key, Target target, long nowNs, long lifetimeNs) {
    final int from = (int) key & mask;
    int place = from;
    for (int i = from; i < from + WAYS; i++) {
      if (targets[i] != null && keys[i] == key) {
        place = i;
        break;
      }
      if (remaining(i, nowNs) < remaining(place, nowNs)) {
        place = i;
      }
    }
    keys[place] = key;
    targets[place] = target;
    expiries[place] = nowNs + lifetimeNs;
  }

  private long remaining(int place, long nowNs) {
    return targets[place] == null ? Long.MIN_VALUE : expiries[place] - nowNs;
  }

  /** Null if it is not known, or no longer. */
  Target get(long key, long nowNs) {
    final int from = (int) key & mask;
    for (int i = from; i < from + WAYS; i++) {
      if (targets[i] != null && keys[i] == key) {
        return remaining(i, nowNs) > 0 ? targets[i] : null;
      }
    }
    return null;
  }
}
