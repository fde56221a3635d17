package org.millrace.jetty.upstream;

import java.util.ArrayDeque;
import java.util.Queue;

/** One after the other: for attempts to connect with one address. Control thread only. */
final class Turns {
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private boolean taken;

  /** Runs {@code task} at once, or when it is its turn. */
  void take(Runnable task) {
    if (taken) {
      waiting.add(task);
    } else {
      taken = true;
      task.run();
    }
  }

  /** Whoever has run is done. */
  void give() {
    final Runnable next = waiting.poll();
    if (next == null) {
      taken = false;
    } else {
      next.run();
    }
  }
}
