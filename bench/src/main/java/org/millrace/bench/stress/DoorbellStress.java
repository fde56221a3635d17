package org.millrace.bench.stress;

import org.millrace.engine.shard.Doorbell;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * A producer publishes work and rings while the consumer is about to park. No wake-up is lost:
 * either the consumer sees the work when it looks once more, or it is woken.
 */
@JCStressTest
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "Saw the work and was woken, too.")
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "Saw the work, was not woken.")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "Missed the work, was woken.")
@Outcome(
    id = "false, false",
    expect = Expect.FORBIDDEN,
    desc = "Missed the work and sleeps: lost wake-up.")
@State
public class DoorbellStress {
  private final Doorbell doorbell = new Doorbell();
  private int work;

  @Actor
  public void producer() {
    work = 1;
    doorbell.ring();
  }

  @Actor
  public void consumer(ZZ_Result result) {
    doorbell.announce();
    result.r1 = work == 1;
  }

  @Arbiter
  public void woken(ZZ_Result result) {
    result.r2 = !Parked.isParked(doorbell);
  }
}
