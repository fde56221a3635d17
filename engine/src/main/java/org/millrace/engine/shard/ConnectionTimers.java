package org.millrace.engine.shard;

import java.util.concurrent.TimeUnit;
import org.agrona.BitUtil;
import org.agrona.DeadlineTimerWheel;
import org.millrace.engine.connection.ConnectionOwner;

/**
 * One timer for each connection on a {@link DeadlineTimerWheel}, which by itself grows all of its
 * ticks when one is full: ten thousand deadlines in the same tick, as when an engine stops, would
 * make it hold half a gigabyte. Here no tick takes more than its share. What finds its tick full
 * goes into the next one with room, so memory is fixed, a burst is spread, and no timer is lost:
 * with every connection of a full shard in one tick, the last timer fires {@value #TICKS} ticks
 * late.
 *
 * <p>Not thread-safe: owned by the shard. Times are in nanoseconds since the engine's start.
 */
final class ConnectionTimers implements DeadlineTimerWheel.TimerHandler {
  private static final int TICK_SHIFT = 20;
  private static final long TICK_NS = 1L << TICK_SHIFT;
  private static final int TICKS = 8192;
  private static final int MIN_TICK_ALLOCATION = 4;

  /** Ticks from one poll of a parked shard to the next: what is due is done together. */
  private static final int TICKS_PER_WAKE_UP = 32;

  /** Ticks looked at in one poll when time has moved far, as after a pause of the machine. */
  private static final int MAX_TICKS_PER_POLL = 512;

  private final DeadlineTimerWheel wheel;
  private final int tickAllocation;
  private final int[] timersInTick = new int[TICKS];
  private final ConnectionPort[] ports;
  private long fullFrom;
  private long fullTo;
  private int size;

  ConnectionTimers(int maxConnections) {
    final int share = (int) (maxConnections * 5L / 4 / TICKS) + 1;
    tickAllocation = BitUtil.findNextPositivePowerOfTwo(Math.max(MIN_TICK_ALLOCATION, share));
    wheel = new DeadlineTimerWheel(TimeUnit.NANOSECONDS, 0, TICK_NS, TICKS, tickAllocation);
    ports = new ConnectionPort[TICKS * tickAllocation];
  }

  /** Tells the time, before any timer is armed in a duty cycle: an empty wheel need not turn. */
  void nowNs(long nowNs) {
    if (size == 0) {
      wheel.currentTickTime(nowNs);
    }
  }

  /** Arms the timer of {@code port}, which must not be armed. */
  void schedule(ConnectionPort port, long deadlineNs) {
    final long wanted = Math.max(deadlineNs >> TICK_SHIFT, currentTick());
    final long tick = firstWithRoom(wanted);
    final long timerId = wheel.scheduleTimer(tick == wanted ? deadlineNs : tick << TICK_SHIFT);
    timersInTick[spoke(tick)]++;
    size++;
    final int index = index(timerId);
    ports[index] = port;
    port.timer(index);
  }

  /**
   * The first tick from {@code wanted} on that is not full. A run of full ticks is remembered, or
   * every timer of a burst would walk over all that came before it.
   */
  private long firstWithRoom(long wanted) {
    long tick = wanted;
    while (true) {
      if (tick >= fullFrom && tick < fullTo) {
        tick = fullTo;
      } else if (timersInTick[spoke(tick)] == tickAllocation) {
        tick++;
      } else {
        break;
      }
    }
    if (tick > wanted && tick >= fullTo) {
      fullFrom = wanted;
      fullTo = tick;
    }
    return tick;
  }

  /** A tick has room again: what is before it in the run of full ticks is forgotten. */
  private void notFull(int spoke) {
    final long tick = fullFrom + ((spoke - fullFrom) & (TICKS - 1));
    if (tick < fullTo) {
      fullFrom = tick + 1;
    }
  }

  void cancel(ConnectionPort port) {
    final int index = port.timer();
    final long timerId =
        ((long) (index / tickAllocation) << Integer.SIZE) | (index % tickAllocation);
    wheel.cancelTimer(timerId);
    forget(index);
  }

  /** Fires what is due, up to {@code limit} timers; returns how many. */
  int poll(long nowNs, int limit) {
    if (size == 0) {
      return 0;
    }
    int fired = 0;
    for (int ticks = 0; ticks < MAX_TICKS_PER_POLL; ticks++) {
      final long tickEnds = wheel.currentTickTime();
      fired += wheel.poll(nowNs, this, limit - fired);
      if (fired >= limit || tickEnds > nowNs) {
        return fired;
      }
    }
    return Math.max(1, fired);
  }

  @Override
  public boolean onTimerExpiry(TimeUnit timeUnit, long now, long timerId) {
    final int index = index(timerId);
    final ConnectionPort port = ports[index];
    forget(index);
    port.onTimer();
    return true;
  }

  /** When to poll next: some milliseconds after the first tick with a timer in it. */
  long nextPollNs() {
    if (size == 0) {
      return ConnectionOwner.NEVER;
    }
    long tick = currentTick();
    while (timersInTick[spoke(tick)] == 0) {
      tick++;
    }
    return ((tick / TICKS_PER_WAKE_UP + 1) * TICKS_PER_WAKE_UP) << TICK_SHIFT;
  }

  int size() {
    return size;
  }

  private void forget(int index) {
    ports[index].timer(ConnectionPort.NO_TIMER);
    ports[index] = null;
    timersInTick[index / tickAllocation]--;
    notFull(index / tickAllocation);
    size--;
  }

  /** Of a timer id the wheel makes the tick the high, and the place within it the low int. */
  private int index(long timerId) {
    return (int) (timerId >>> Integer.SIZE) * tickAllocation + (int) timerId;
  }

  private long currentTick() {
    return (wheel.currentTickTime() >> TICK_SHIFT) - 1;
  }

  private static int spoke(long tick) {
    return (int) tick & (TICKS - 1);
  }
}
