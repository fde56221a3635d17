package org.millrace.jetty.admin;

import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The time that a drain goes by, and the thread that it runs on: one task at a time. */
public interface DrainTimer extends Executor {
  long nowNs();

  /** Runs a task after a delay. */
  void schedule(Runnable task, long delayNs);

  /**
   * A timer in real time.
   *
   * @param executor with one thread.
   */
  static DrainTimer of(ScheduledExecutorService executor) {
    return new DrainTimer() {
      @Override
      public long nowNs() {
        return System.nanoTime();
      }

      @Override
      @SuppressWarnings("FutureReturnValueIgnored") // a drain's tasks handle what goes wrong
      public void schedule(Runnable task, long delayNs) {
        executor.schedule(task, delayNs, TimeUnit.NANOSECONDS);
      }

      @Override
      public void execute(Runnable task) {
        executor.execute(task);
      }
    };
  }
}
