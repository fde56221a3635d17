package org.millrace.jetty.upstream;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What is gone and may be used for a while yet, as something may be under way with it. What comes
 * back stays, and if it goes again it has the whole while once more.
 *
 * <p>Guarded by its owner's lock, which the tasks that it hands out take themselves.
 */
final class Leaving<T> {
  private final Object lock;

  /** With what tells one leaving from a later one. */
  private final Map<T, Object> stamps = new HashMap<>();

  /**
   * @param lock that the owner holds whenever it calls.
   */
  Leaving(Object lock) {
    this.lock = lock;
  }

  /**
   * Lets something go.
   *
   * @param later runs a task when the while is over.
   * @param over is told then, with the lock, unless it has come back.
   */
  void add(T gone, Consumer<Runnable> later, Consumer<T> over) {
    final Object stamp = new Object();
    stamps.put(gone, stamp);
    later.accept(() -> end(gone, stamp, over));
  }

  private void end(T gone, Object stamp, Consumer<T> over) {
    synchronized (lock) {
      if (stamps.remove(gone, stamp)) {
        over.accept(gone);
      }
    }
  }

  /** It is there again, if it was leaving. */
  void keep(T back) {
    stamps.remove(back);
  }

  boolean contains(T one) {
    return stamps.containsKey(one);
  }

  /** All that are leaving; a view. */
  Set<T> all() {
    return stamps.keySet();
  }
}
