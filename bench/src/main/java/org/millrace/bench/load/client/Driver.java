package org.millrace.bench.load.client;

import java.io.IOException;

/**
 * Sends messages when they are due and takes answers in between, on the calling thread, until all
 * are answered or the time for that is over.
 */
public final class Driver {
  private static final long NS_PER_SECOND = 1_000_000_000;

  /** Where bytes leave and come. */
  public interface Poller {
    /** Lets all leave that is due. */
    void flush();

    /**
     * Takes what has come, waiting for it no longer than so long, and not always as long.
     *
     * @return how much there was to do.
     */
    int poll(long waitNs) throws IOException;

    /** How long it has waited so far without use of a processor. */
    long sleptNs();
  }

  /** What is to happen at its time. */
  public interface Load {
    /** A message is due that was to be sent at this time. */
    void due(long intendedNs) throws IOException;

    /** When {@link #timer} is to be called next; {@link Long#MAX_VALUE} for never. */
    default long timerNs() {
      return Long.MAX_VALUE;
    }

    /** Its time has come. */
    default void timer() throws IOException {}

    /** Whether something goes on besides messages that are not answered. */
    default boolean isBusy() {
      return false;
    }
  }

  /** Who looks on. */
  public interface Watch {
    /** The warm-up is over. */
    void measureBegins();

    /** The last step is over; answers may be missing. */
    void measureEnds();

    /** Another second is over. */
    void second(long nowNs);
  }

  private final Schedule schedule;
  private final Load load;
  private final Poller poller;
  private final Meter meter;
  private final Watch watch;
  private long busyNs;
  private long nextSecondNs = NS_PER_SECOND;
  private boolean begun;
  private boolean ended;

  public Driver(Schedule schedule, Load load, Poller poller, Meter meter, Watch watch) {
    this.schedule = schedule;
    this.load = load;
    this.poller = poller;
    this.meter = meter;
    this.watch = watch;
  }

  /**
   * Runs from the beginning of the warm-up to the last answer; the meter has started.
   *
   * @param drainNs how long to wait for answers behind the last step.
   */
  public void run(long drainNs) throws IOException {
    long nowNs = meter.tick();
    while (nowNs < meter.endNs()
        || schedule.next() <= nowNs
        || (isOpen() && nowNs < meter.endNs() + drainNs)) {
      look(nowNs);
      final long sleptNs = poller.sleptNs();
      final boolean sent = send(nowNs);
      final int received = poller.poll(Math.max(0, nextNs() - nowNs));
      final long beforeNs = nowNs;
      nowNs = meter.tick();
      if (sent || received > 0) {
        busyNs += nowNs - beforeNs - (poller.sleptNs() - sleptNs);
      }
    }
    look(nowNs);
  }

  private boolean isOpen() {
    return meter.open() > 0 || load.isBusy();
  }

  private boolean send(long nowNs) throws IOException {
    boolean some = false;
    for (long nextNs = schedule.next(); nextNs <= nowNs; nextNs = schedule.next()) {
      schedule.advance();
      meter.intended(nextNs);
      load.due(nextNs);
      some = true;
    }
    if (load.timerNs() <= nowNs) {
      load.timer();
      some = true;
    }
    poller.flush();
    return some;
  }

  private long nextNs() {
    final long dueNs = Math.min(schedule.next(), load.timerNs());
    final long endNs = ended ? Long.MAX_VALUE : begun ? meter.endNs() : meter.warmUpNs();
    return Math.min(Math.min(dueNs, endNs), nextSecondNs);
  }

  private void look(long nowNs) {
    if (!begun && nowNs >= meter.warmUpNs()) {
      begun = true;
      busyNs = 0;
      watch.measureBegins();
    }
    if (!ended && nowNs >= meter.endNs()) {
      ended = true;
      watch.measureEnds();
    }
    if (nowNs >= nextSecondNs) {
      nextSecondNs += NS_PER_SECOND;
      watch.second(nowNs);
    }
  }

  /** Time spent with sending and receiving since the end of the warm-up. */
  public long busyNs() {
    return busyNs;
  }
}
