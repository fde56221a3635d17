package org.millrace.engine.shard;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The open connections of a shard by slot. Written by the shard; other threads may look up, and see
 * a connection that has just gone or miss one that has just come.
 *
 * <p>Free slots are used in the order in which they became free, which puts off the day on which a
 * generation comes round again.
 *
 * <p>Generations do not begin with the same number in every run of the program: others keep ids for
 * longer than a run, such as a registrar that has a flow token in a Path (RFC 5626 section 5.3).
 * With the same keys that token is good after a restart, too, and then has to name nobody.
 */
final class ConnectionTable {
  /** More first generations would make ids that JSON cannot hold exactly (RFC 8259 section 6). */
  private static final int FIRST_GENERATIONS = 1 << 20;

  private final int shard;
  private final int firstGeneration;
  private final AtomicReferenceArray<ConnectionPort> ports;
  private final int[] generations;
  private final int[] freeSlots;
  private int firstFree;
  private int freeCount;
  private int slotsUsed;
  private int size;

  /**
   * @param seed another one in every run.
   */
  ConnectionTable(int shard, int capacity, long seed) {
    this.shard = shard;
    firstGeneration = 1 + new SplittableRandom(seed).nextInt(FIRST_GENERATIONS);
    ports = new AtomicReferenceArray<>(capacity);
    generations = new int[capacity];
    freeSlots = new int[capacity];
  }

  /** Gives {@code port} an id. There must be room. */
  long add(ConnectionPort port) {
    final int slot = freeCount > 0 ? takeFreeSlot() : slotsUsed++;
    final int before = generations[slot];
    final int generation = before == 0 ? firstGeneration : Math.max(1, before + 1);
    generations[slot] = generation;
    size++;
    ports.setRelease(slot, port);
    return ConnectionId.of(generation, slot, shard);
  }

  private int takeFreeSlot() {
    final int slot = freeSlots[firstFree];
    firstFree = firstFree + 1 == freeSlots.length ? 0 : firstFree + 1;
    freeCount--;
    return slot;
  }

  void remove(ConnectionPort port) {
    final int slot = ConnectionId.slot(port.id());
    if (ports.getPlain(slot) != port) {
      return; // it never got as far as into the table
    }
    ports.setRelease(slot, null);
    size--;
    final int last = firstFree + freeCount;
    freeSlots[last < freeSlots.length ? last : last - freeSlots.length] = slot;
    freeCount++;
  }

  /** The port with that id, or null. Any thread. */
  ConnectionPort get(long id) {
    final int slot = ConnectionId.slot(id);
    if (slot >= ports.length()) {
      return null;
    }
    final ConnectionPort port = ports.getAcquire(slot);
    return port != null && port.id() == id ? port : null;
  }

  /** The port in a slot below {@link #slotsUsed}, or null. */
  ConnectionPort at(int slot) {
    return ports.getPlain(slot);
  }

  /** Every connection is in a slot below this. */
  int slotsUsed() {
    return slotsUsed;
  }

  int size() {
    return size;
  }
}
