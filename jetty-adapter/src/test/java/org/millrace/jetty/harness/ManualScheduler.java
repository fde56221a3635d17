package org.millrace.jetty.harness;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;

/** Runs nothing by itself: the test takes the tasks and runs them when it likes. */
public final class ManualScheduler extends AbstractLifeCycle implements Scheduler {
  private static final int TIMEOUT_S = 60;

  private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

  @Override
  public Task schedule(Runnable task, long delay, TimeUnit unit) {
    tasks.add(task);
    return () -> tasks.remove(task);
  }

  /** The next one given, waited for. */
  public Runnable awaitTask() throws InterruptedException {
    final Runnable task = tasks.poll(TIMEOUT_S, TimeUnit.SECONDS);
    if (task == null) {
      throw new AssertionError("nothing scheduled within " + TIMEOUT_S + " s");
    }
    return task;
  }
}
