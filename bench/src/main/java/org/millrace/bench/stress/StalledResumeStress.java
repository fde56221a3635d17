package org.millrace.bench.stress;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.Inbound;
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
 * A transport fills the ring until it is refused and hands the rest over as stalled while the shard
 * reads. Every message comes once and in order, and the wire is told to go on; what it then
 * delivers comes last.
 */
@JCStressTest
@Outcome(
    id = "in order, resumed",
    expect = Expect.ACCEPTABLE,
    desc = "The ring was full; kept bytes came in their place.")
@Outcome(
    id = "in order, never stalled",
    expect = Expect.ACCEPTABLE,
    desc = "The shard was fast enough.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Bytes lost, doubled or out of order, or no resume.")
@State
public class StalledResumeStress {
  private static final int PAYLOAD = 1024;
  private static final int MESSAGES = StressedEngines.RING_CAPACITY / PAYLOAD + 16;
  private static final ByteBuffer TAIL = frames(MESSAGES, 1);

  /** More than the ring takes. */
  private static final ByteBuffer DATA = frames(0, MESSAGES);

  private final Listening connection = new Listening();

  @Actor
  public void transport() {
    final ByteBuffer bytes = view(DATA);
    if (connection.inbound().deliver(bytes) == Inbound.STALLED) {
      connection.stalled = true;
      connection.inbound().stalled(bytes);
    }
  }

  @Actor
  public void shard() {
    connection.cycle();
    connection.cycle();
  }

  @Arbiter
  public void delivered(LL_Result result) {
    connection.settle();
    result.r1 = connection.verdict();
    result.r2 =
        connection.stalled
            ? connection.resumes == 1 ? "resumed" : "resumed " + connection.resumes + " times"
            : connection.resumes == 0 ? "never stalled" : "resumed without a stall";
    connection.retire();
  }

  /**
   * Masked with a key of zeros, which leaves the bytes as they are: so one buffer does for all
   * tests, though frames are unmasked in place.
   */
  private static ByteBuffer frames(int first, int count) {
    final int header = FrameEncoder.headerLength(Role.CLIENT, PAYLOAD);
    final ByteBuffer frames =
        ByteBuffer.allocateDirect(count * (header + PAYLOAD)).order(ByteOrder.nativeOrder());
    int at = 0;
    for (int i = first; i < first + count; i++) {
      for (int word = 0; word < PAYLOAD; word += Integer.BYTES) {
        frames.putInt(at + header + word, i);
      }
      at += FrameEncoder.encode(Role.CLIENT, Opcode.BINARY, true, frames, at, PAYLOAD, () -> 0);
    }
    return frames;
  }

  private static ByteBuffer view(ByteBuffer frames) {
    return frames.duplicate().order(ByteOrder.nativeOrder());
  }

  private static final class Listening extends StressedConnection {
    private boolean stalled;
    private int resumes;
    private int nextMessage;
    private String fault = "in order";

    @Override
    public void resume() {
      resumes++;
      if (inbound().deliver(view(TAIL)) != Inbound.DELIVERED) {
        fault = "no room after resume";
      }
    }

    @Override
    public void onMessage(
        Connection from, int opcode, DirectBuffer buffer, int offset, int length) {
      final int expected = nextMessage++;
      if (length != PAYLOAD
          || buffer.getInt(offset) != expected
          || buffer.getInt(offset + PAYLOAD / 2) != expected
          || buffer.getInt(offset + PAYLOAD - Integer.BYTES) != expected) {
        fault = "message " + buffer.getInt(offset) + " in place of " + expected;
      }
    }

    String verdict() {
      if (errors() > 0) {
        return "errors";
      }
      final int expected = MESSAGES + resumes;
      return nextMessage == expected ? fault : nextMessage + " messages instead of " + expected;
    }
  }
}
