package org.millrace.jetty.handshake;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;

/** Jetty's timers, on a time that stands still until the test moves it. */
final class ManualTime extends AbstractLifeCycle implements Scheduler {
  private final List<Timer> pending = new ArrayList<>();
  private long nowNs;

  private final class Timer implements Task {
    private final Runnable action;
    private final long delayNs;
    private final long dueNs;

    private Timer(Runnable action, long delayNs) {
      this.action = action;
      this.delayNs = delayNs;
      dueNs = nowNs + delayNs;
    }

    @Override
    public boolean cancel() {
      return take(this);
    }
  }

  @Override
  public synchronized Task schedule(Runnable task, long delay, TimeUnit unit) {
    final Timer timer = new Timer(task, unit.toNanos(delay));
    pending.add(timer);
    return timer;
  }

  private synchronized boolean take(Timer timer) {
    return pending.remove(timer);
  }

  /** Timers that were set for this long and have neither fired nor been cancelled. */
  synchronized int pending(Duration delay) {
    return (int) pending.stream().filter(timer -> timer.delayNs == delay.toNanos()).count();
  }

  /** Whatever is due by then has been begun, on this thread, when this returns. */
  void advance(Duration duration) {
    for (final Timer timer : dueAfter(duration)) {
      if (take(timer)) {
        timer.action.run();
      }
    }
  }

  private synchronized List<Timer> dueAfter(Duration duration) {
    nowNs += duration.toNanos();
    return pending.stream()
        .filter(timer -> timer.dueNs <= nowNs)
        .sorted(Comparator.comparingLong((Timer timer) -> timer.dueNs))
        .toList();
  }
}
