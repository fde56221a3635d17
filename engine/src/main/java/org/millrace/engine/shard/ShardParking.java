package org.millrace.engine.shard;

import org.agrona.concurrent.IdleStrategy;

/**
 * How a shard's own thread waits: it spins briefly, then parks until a producer rings or the next
 * timer is due.
 */
public final class ShardParking implements IdleStrategy {
  private final Shard shard;
  private final int maxSpins;
  private int spins;

  /**
   * @param maxSpins idle cycles before parking, 0 or more.
   */
  public ShardParking(Shard shard, int maxSpins) {
    this.shard = shard;
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
      shard.park();
    }
  }

  @Override
  public void reset() {
    spins = 0;
  }

  @Override
  public String alias() {
    return "shard-parking";
  }
}
