package org.millrace.jetty.upstream;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that decides about connections with the core: when to make them, when to give up,
 * what becomes of what has waited. Nothing here is in the way of a message over an open connection.
 */
final class Control implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Control.class);
  private static final int CLOSE_TIMEOUT_S = 5;

  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(1, Control::thread);

  Control() {
    thread.setRemoveOnCancelPolicy(true);
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

  /** Any thread, but not once this is closed. */
  Future<?> schedule(Duration delay, Runnable task) {
    return thread.schedule(() -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Does what there is to be done at once, and forgets what is to be done later. */
  @Override
  public void close() {
    try {
      thread.submit(() -> {}).get(CLOSE_TIMEOUT_S, TimeUnit.SECONDS);
      thread.shutdownNow();
      if (!thread.awaitTermination(CLOSE_TIMEOUT_S, TimeUnit.SECONDS)) {
        LOG.warn("{} goes on", thread);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("closing did not get done", e);
    } finally {
      thread.shutdownNow();
    }
  }
}
