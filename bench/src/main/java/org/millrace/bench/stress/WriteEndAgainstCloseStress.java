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
 * A transport ends a write in the same moment in which another thread asks for a Close. Both set a
 * bit in one signal word, and the first one queues the connection; neither may be lost. The digits
 * are the opcodes of the frames written: 2 a message, 8 a Close.
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
public class WriteEndAgainstCloseStress {
  private static final UnsafeBuffer MESSAGE = new UnsafeBuffer(new byte[8]);

  private final StressedConnection connection = new StressedConnection();

  public WriteEndAgainstCloseStress() {
    connection.holdWrites();
    connection.engine().send(connection.id(), Opcode.BINARY, MESSAGE, 0, MESSAGE.capacity());
    connection.settle();
    connection.completeWrites();
  }

  @Actor
  public void transport() {
    connection.completeWrite();
  }

  @Actor
  public void closer() {
    connection.engine().close(connection.id(), CloseCode.NORMAL, "");
  }

  @Arbiter
  public void settled(LL_Result result) {
    connection.settle();
    result.r1 = connection.frames();
    result.r2 = connection.settled();
    connection.retire();
  }
}
