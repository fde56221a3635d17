package org.millrace.bench.stress;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.frame.FrameEncoder;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.frame.Role;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * A transport delivers a last message and the end of the stream while the shard works. The end goes
 * another way than the bytes and must not overtake them.
 */
@JCStressTest
@Outcome(
    id = "1 message, closed",
    expect = Expect.ACCEPTABLE,
    desc = "The message came, then the end, once.")
@Outcome(
    id = "0 messages, closed",
    expect = Expect.FORBIDDEN,
    desc = "The end overtook the message.")
@Outcome(id = "1 message, open", expect = Expect.FORBIDDEN, desc = "The end was lost.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Something else.")
@State
public class EndOfInputStress {
  private static final ByteBuffer FRAME = frame();

  private final Counting connection = new Counting();

  @Actor
  public void transport() {
    connection.inbound().deliver(FRAME.duplicate().order(ByteOrder.nativeOrder()));
    connection.inbound().endOfInput();
  }

  @Actor
  public void shard() {
    connection.cycle();
    connection.cycle();
  }

  @Arbiter
  public void ended(LL_Result result) {
    connection.settle();
    result.r1 = connection.messages == 1 ? "1 message" : connection.messages + " messages";
    result.r2 =
        connection.errors() > 0
            ? "errors"
            : connection.closedEvents() == 1
                ? "closed"
                : connection.closedEvents() == 0 ? "open" : "closed again";
    connection.retire();
  }

  /** Masked with zeros. */
  private static ByteBuffer frame() {
    final int length = Long.BYTES;
    final int header = FrameEncoder.headerLength(Role.CLIENT, length);
    final ByteBuffer frame =
        ByteBuffer.allocateDirect(header + length).order(ByteOrder.nativeOrder());
    FrameEncoder.encode(Role.CLIENT, Opcode.BINARY, true, frame, 0, length, () -> 0);
    return frame;
  }

  private static final class Counting extends StressedConnection {
    private int messages;

    @Override
    public void onMessage(
        Connection from, int opcode, DirectBuffer buffer, int offset, int length) {
      messages++;
    }
  }
}
