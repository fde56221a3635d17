package org.millrace.engine.shard;

import org.agrona.concurrent.IdleStrategy;

/**
 * How a thread waits that is woken by a {@link Doorbell}: it spins briefly, then parks until a
 * producer rings or the next timer is due. One instance a thread, called by that thread.
 */
public final class SpinThenPark implements IdleStrategy {
  private final Runnable park;
  private final int maxSpins;
  private int spins;

  /**
   * @param park announces, looks for work once more, and parks if there is none.
   * @param maxSpins idle cycles before parking, 0 or more.
   */
  public SpinThenPark(Runnable park, int maxSpins) {
    this.park = park;
    this.maxSpins = maxSpins;
  }

  @Override
  public void idle(int workCount) {
    if (workCount > 0) {
      reset();
    } else {
      idle();
    }
  }

  @Override
  public void idle() {
    if (spins < maxSpins) {
      spins++;
      Thread.onSpinWait();
    } else {
      park.run();
    }
  }

  @Override
  public void reset() {
    spins = 0;
  }

  @Override
  public String alias() {
    return "spin-then-park";
  }
}
