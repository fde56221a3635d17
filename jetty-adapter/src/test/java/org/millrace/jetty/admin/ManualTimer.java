package org.millrace.jetty.admin;

import java.util.Comparator;
import java.util.PriorityQueue;
import org.agrona.concurrent.NanoClock;

/** Time that a test moves. One thread. */
final class ManualTimer implements DrainTimer, NanoClock {
  private record Task(long dueNs, long number, Runnable action) {}

  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(Comparator.comparingLong(Task::dueNs).thenComparing(Task::number));
  private long nowNs = 1_000_000_000L;
  private long number;

  @Override
  public long nowNs() {
    return nowNs;
  }

  @Override
  public long nanoTime() {
    return nowNs;
  }

  @Override
  public void schedule(Runnable task, long delayNs) {
    tasks.add(new Task(nowNs + delayNs, number++, task));
  }

  @Override
  public void execute(Runnable task) {
    schedule(task, 0);
  }

  /** Moves time on without anything being done, as when a machine stands still. */
  void pause(long ns) {
    nowNs += ns;
  }

  /** Runs a task that is due; returns whether there was one. */
  boolean runOne() {
    final Task task = tasks.peek();
    if (task == null || task.dueNs() > nowNs) {
      return false;
    }
    tasks.remove();
    task.action().run();
    return true;
  }
}
