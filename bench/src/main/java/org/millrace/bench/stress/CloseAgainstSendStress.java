package org.millrace.bench.stress;

import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.engine.connection.SendResult;
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
 * Two threads close and send while the shard works. The message goes out before the Close or not at
 * all. The digits are the opcodes of the frames written: 2 a message, 8 a Close.
 */
@JCStressTest
@Outcome(
    id = "28, accepted",
    expect = Expect.ACCEPTABLE,
    desc = "The message left before the Close.")
@Outcome(
    id = "8, accepted",
    expect = Expect.ACCEPTABLE,
    desc = "The Close was queued before the shard came to the message.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A frame after the Close, or no Close, or two.")
@State
public class CloseAgainstSendStress {
  private static final UnsafeBuffer MESSAGE = new UnsafeBuffer(new byte[8]);

  private final StressedConnection connection = new StressedConnection();
  private int sendResult;

  @Actor
  public void closer() {
    connection.engine().close(connection.id(), CloseCode.NORMAL, "");
    connection.cycle();
  }

  @Actor
  public void sender() {
    sendResult =
        connection.engine().send(connection.id(), Opcode.BINARY, MESSAGE, 0, MESSAGE.capacity());
  }

  @Arbiter
  public void written(LL_Result result) {
    connection.settle();
    result.r1 = connection.frames();
    result.r2 =
        connection.errors() > 0
            ? "errors"
            : sendResult == SendResult.SENT ? "accepted" : "result " + sendResult;
    connection.retire();
  }
}
