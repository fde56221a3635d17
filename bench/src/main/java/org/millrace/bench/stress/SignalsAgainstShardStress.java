package org.millrace.bench.stress;

import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.engine.frame.CloseCode;
import org.millrace.engine.frame.Opcode;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * Signals are set, one after the other, while the shard takes them: the second one falls before,
 * between or after the shard's look at the queue and at the signal word. None may be lost. The
 * digits are the opcodes of the frames written: 2 a message, 8 a Close.
 */
@JCStressTest
@Outcome(id = "28, idle", expect = Expect.ACCEPTABLE, desc = "Both signals were acted on.")
@Outcome(
    id = "2, writing",
    expect = Expect.FORBIDDEN,
    desc = "The end of the write was lost, and the Close waits for it.")
@Outcome(id = "2, idle", expect = Expect.FORBIDDEN, desc = "The request to close was lost.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Something else.")
@State
public class SignalsAgainstShardStress {
  private static final UnsafeBuffer MESSAGE = new UnsafeBuffer(new byte[8]);

  private final StressedConnection connection = new StressedConnection();

  public SignalsAgainstShardStress() {
    connection.holdWrites();
    connection.engine().send(connection.id(), Opcode.BINARY, MESSAGE, 0, MESSAGE.capacity());
    connection.settle();
    connection.completeWrites();
  }

  @Actor
  public void transport() {
    connection.completeWrite();
    connection.engine().close(connection.id(), CloseCode.NORMAL, "");
  }

  @Actor
  public void shard() {
    connection.cycle();
    connection.cycle();
  }

  @Arbiter
  public void settled(LL_Result result) {
    connection.settle();
    result.r1 = connection.frames();
    result.r2 = connection.settled();
    connection.retire();
  }
}
