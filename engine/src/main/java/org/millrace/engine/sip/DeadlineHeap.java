package org.millrace.engine.sip;

import java.util.Arrays;

/**
 * Deadlines of numbered slots, each slot with one or none, the earliest first: a binary heap in
 * arrays of a fixed size. One thread.
 */
final class DeadlineHeap {
  private static final int ABSENT = -1;

  private final long[] deadlines;
  private final int[] heap;
  private final int[] places;
  private int size;

  DeadlineHeap(int slots) {
    deadlines = new long[slots];
    heap = new int[slots];
    places = new int[slots];
    Arrays.fill(places, ABSENT);
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** The slot that is due first; only if there is one. */
  int first() {
    return heap[0];
  }

  long deadline(int slot) {
    return deadlines[slot];
  }

  /** Gives the slot a deadline, in place of the one that it may have. */
  void set(int slot, long deadlineNs) {
    deadlines[slot] = deadlineNs;
    if (places[slot] == ABSENT) {
      put(size++, slot);
    }
    up(places[slot]);
    down(places[slot]);
  }

  void remove(int slot) {
    final int place = places[slot];
    if (place == ABSENT) {
      return;
    }
    places[slot] = ABSENT;
    size--;
    if (place < size) {
      final int moved = heap[size];
      put(place, moved);
      up(place);
      down(places[moved]);
    }
  }

  private void up(int from) {
    int place = from;
    final int slot = heap[place];
    while (place > 0 && isBefore(slot, heap[(place - 1) / 2])) {
      put(place, heap[(place - 1) / 2]);
      place = (place - 1) / 2;
    }
    put(place, slot);
  }

  private void down(int from) {
    int place = from;
    final int slot = heap[place];
    while (true) {
      int child = 2 * place + 1;
      if (child >= size) {
        break;
      }
      if (child + 1 < size && isBefore(heap[child + 1], heap[child])) {
        child++;
      }
      if (!isBefore(heap[child], slot)) {
        break;
      }
      put(place, heap[child]);
      place = child;
    }
    put(place, slot);
  }

  private void put(int place, int slot) {
    heap[place] = slot;
    places[slot] = place;
  }

  /** The clock may wrap around. */
  private boolean isBefore(int slot, int other) {
    return deadlines[slot] - deadlines[other] < 0;
  }
}
