package org.millrace.engine.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.millrace.engine.EngineContext;
import org.millrace.engine.connection.Inbound;
import org.millrace.engine.conversation.ConversationVector.Step;
import org.millrace.engine.harness.RecordingHandler;
import org.millrace.engine.harness.RecordingHandler.Received;
import org.millrace.engine.harness.TestEngine;
import org.millrace.engine.harness.TestWire;
import org.millrace.engine.reference.Bytes;
import org.millrace.engine.reference.ReferenceEncoder;
import org.millrace.engine.status.EngineCounter;

/**
 * Runs one vector, as often as wanted, each time on a new connection of the same engine, and checks
 * all that it must amount to, at the moment at which it must.
 */
final class VectorRunner implements AutoCloseable {
  private static final Duration MOMENT = Duration.ofMillis(100);

  private final ConversationVector vector;
  private final boolean ringFull;
  private final TestEngine engine;
  private final RingFiller filler;

  private final byte[] stream;

  // What is known after so many steps.
  private final List<List<Received>> delivered;
  private final List<Bytes> written;

  // The run under way.
  private RecordingHandler handler;
  private TestWire wire;
  private ByteArrayOutputStream wrote;
  private int stalls;

  /**
   * @param ringFull whether the last read before something else happens finds the ring full, with
   *     all reads before it still in the ring.
   */
  VectorRunner(ConversationVector vector, boolean ringFull) {
    this.vector = vector;
    this.ringFull = ringFull;
    stream = Bytes.concat(vector.steps().stream().map(Step::in).toList()).toArray();
    final int steps = vector.steps().size();
    delivered = IntStream.rangeClosed(0, steps).mapToObj(vector::deliveredAfter).toList();
    written = IntStream.rangeClosed(0, steps).mapToObj(vector::writtenAfter).toList();
    final int key = keyAsWireBytes();
    engine =
        new TestEngine(
            new EngineContext()
                .ringCapacity(ringFull ? RingFiller.RING_CAPACITY : 1 << 20)
                .maxConnections(16)
                .recordsPerCycle(RingFiller.FEW_RECORDS)
                .errorLogLength(4096)
                .maskingKeys(() -> () -> key));
    filler = new RingFiller(engine.engine());
    engine.step();
  }

  /** The key whose wire bytes are those of the specification, in the form that Masking uses. */
  private static int keyAsWireBytes() {
    return ByteBuffer.wrap(ReferenceEncoder.KEY.toArray()).order(ByteOrder.nativeOrder()).getInt();
  }

  void run(Reads reads) {
    try {
      converse(reads);
    } catch (AssertionError e) {
      throw new AssertionError(vector + ", " + reads + (ringFull ? ", ring full" : ""), e);
    }
  }

  private void converse(Reads reads) {
    handler = new RecordingHandler();
    wrote = new ByteArrayOutputStream();
    stalls = 0;
    wire = engine.open(vector.context(), handler);
    int begin = 0;
    int position = 0;
    final List<Step> steps = vector.steps();
    for (int i = 0; i < steps.size(); i++) {
      final Step step = steps.get(i);
      final boolean lastIn = i + 1 == steps.size() || steps.get(i + 1).action() != null;
      for (int b = 1; b <= step.in().length(); b++) {
        position++;
        final boolean endOfStep = b == step.in().length();
        final boolean lastRead = lastIn && endOfStep;
        if (lastRead || reads.ends().test(position)) {
          deliver(begin, position, lastRead, endOfStep ? i + 1 : i);
          begin = position;
        }
      }
      if (step.action() != null) {
        step.action().act(engine, handler.connection());
        settle(i + 1);
      }
    }
    end();
  }

  /**
   * @param last whether nothing is read between this read and the end, or the next action.
   */
  private void deliver(int begin, int end, boolean last, int stepsDone) {
    if (ringFull && last) {
      filler.fill();
    }
    final int result = wire.deliver(stream, begin, end - begin);
    if (ringFull && last) {
      check("result", result, Inbound.STALLED);
    }
    if (result == Inbound.STALLED) {
      stalls++;
    }
    if (!ringFull || last || result == Inbound.STALLED) {
      settle(stepsDone);
    }
  }

  private void settle(int stepsDone) {
    engine.step();
    check("stalled", wire.isStalled(), false);
    check("resumes", wire.resumes(), stalls);
    check("delivered", handler.messages(), delivered.get(stepsDone));
    wrote.writeBytes(wire.takeWritten());
    check("written", Bytes.of(wrote.toByteArray()), written.get(stepsDone));
  }

  /** As assertThat, which is too slow to be asked after each of a million reads. */
  private static void check(String what, Object actual, Object expected) {
    if (!actual.equals(expected)) {
      assertThat(actual).as(what).isEqualTo(expected);
    }
  }

  private void end() {
    settle(vector.steps().size());
    if (vector.silence().isZero()) {
      assertThat(wire.isOutputShut()).as("output ended").isEqualTo(vector.ending().endsOutput());
      wire.endOfInput();
    } else {
      engine.advance(vector.silence().minus(MOMENT));
      assertThat(wire.isClosed()).isFalse();
      engine.advance(MOMENT.plus(MOMENT));
    }
    settle(vector.steps().size());
    assertThat(handler.closedOnce()).isEqualTo(vector.ending().event(handler.connection(), wire));
    assertThat(handler.calls()).isEqualTo(calls());
    assertThat(wire.calls())
        .isEqualTo(
            vector.ending().endsOutput()
                ? List.of("opened", "shutdownOutput", "close")
                : List.of("opened", "close"));
    assertThat(engine.engine().counter(EngineCounter.POOLED_BYTES_IN_USE)).isZero();
  }

  private List<String> calls() {
    final List<String> calls = new ArrayList<>(List.of("opened"));
    calls.addAll(Collections.nCopies(handler.messages().size(), "message"));
    calls.addAll(List.of("closing", "closed"));
    return calls;
  }

  @Override
  public void close() {
    engine.close();
  }
}
