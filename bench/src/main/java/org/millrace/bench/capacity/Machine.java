package org.millrace.bench.capacity;

/**
 * What one machine has, and how much of it may be used while all is well.
 *
 * @param memory bytes for the server.
 * @param headroom share that is kept free, 0 to below 1.
 */
record Machine(int cores, double memory, double headroom) {
  double usable(double all) {
    return all * (1 - headroom);
  }
}
