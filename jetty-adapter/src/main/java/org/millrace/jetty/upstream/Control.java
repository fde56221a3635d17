package org.millrace.jetty.upstream;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that decides about connections with the core: when to make them, when to give up,
 * what becomes of what has waited. Nothing here is in the way of a message over an open connection.
 */
final class Control implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Control.class);

  private final ExecutorService thread = Executors.newSingleThreadExecutor(Control::thread);
  private final Scheduler scheduler;

  /**
   * @param scheduler of the timers, whose tasks are run by this thread.
   */
  Control(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  private static Thread thread(Runnable task) {
    final Thread thread = new Thread(task, "millrace-core-control");
    thread.setDaemon(true);
    return thread;
  }

  /** Any thread; does nothing once this is closed. */
  void execute(Runnable task) {
    try {
      thread.execute(() -> run(task));
    } catch (RejectedExecutionException e) {
      LOG.debug("too late for {}", task);
    }
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error("a connection with the core is in an unknown state", e);
    }
  }

  Scheduler.Task schedule(Duration delay, Runnable task) {
    return scheduler.schedule(() -> execute(task), delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** What has been given is still run. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
