package org.millrace.engine.shard;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The open connections of a shard by slot. Written by the shard; other threads may look up, and see
 * a connection that has just gone or miss one that has just come.
 *
 * <p>Free slots are used in the order in which they became free, which puts off the day on which a
 * generation comes round again.
 */
final class ConnectionTable {
  private final int shard;
  private final AtomicReferenceArray<ConnectionPort> ports;
  private final int[] generations;
  private final int[] freeSlots;
  private int firstFree;
  private int freeCount;
  private int slotsUsed;
  private int size;

  ConnectionTable(int shard, int capacity) {
    this.shard = shard;
    ports = new AtomicReferenceArray<>(capacity);
    generations = new int[capacity];
    freeSlots = new int[capacity];
  }

  /** Gives {@code port} an id. There must be room. */
  long add(ConnectionPort port) {
    final int slot = freeCount > 0 ? takeFreeSlot() : slotsUsed++;
    final int generation = Math.max(1, generations[slot] + 1);
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
