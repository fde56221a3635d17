package org.millrace.engine.sip;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.millrace.engine.EngineContext;
import org.millrace.engine.connection.ClosedEvent;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.Inbound;
import org.millrace.engine.connection.MessageHandler;
import org.millrace.engine.connection.SendResult;
import org.millrace.engine.conversation.RingFiller;
import org.millrace.engine.frame.Violation;
import org.millrace.engine.harness.TestEngine;
import org.millrace.engine.harness.TestWire;
import org.millrace.engine.status.EngineCounter;

/**
 * Streams of SIP on an engine with a small ring. Their handlers note messages, and refuse what is
 * malformed. Text is ISO 8859-1, byte for byte.
 */
final class StreamRig implements AutoCloseable, FlowSender {
  private final TestEngine engine =
      new TestEngine(
          new EngineContext()
              .ringCapacity(RingFiller.RING_CAPACITY)
              .recordsPerCycle(RingFiller.FEW_RECORDS)
              .maxConnections(16));
  private final RingFiller filler = new RingFiller(engine.engine());
  private final SipCounters counters = new SipCounters();
  private final StreamRefusal refusal =
      new StreamRefusal(
          new SipMessage(),
          new Responder(
              new FlowTokens(new EmbeddedCoreContext().conclude().tokenKeys()), this, counters),
          counters);

  /** One of them, and all that came of it. */
  final class Stream implements MessageHandler {
    private final TestWire wire;
    private final List<String> messages = new ArrayList<>();
    private final List<String> malformed = new ArrayList<>();
    private final StringBuilder heard = new StringBuilder();
    private ClosedEvent closed;

    private Stream(ConnectionContext context) {
      wire = engine.open(context, this);
    }

    /** Delivers what is said in one read, and lets the engine do what it has to. */
    Stream says(String text) {
      final int result = wire.deliver(text.getBytes(ISO_8859_1));
      assertThat(result).isEqualTo(Inbound.DELIVERED);
      return settle();
    }

    /** As {@link #says}, but the ring is full, so that the wire has to keep the bytes. */
    Stream saysIntoAFullRing(String text) {
      filler.fill();
      final int resumes = wire.resumes();
      assertThat(wire.deliver(text.getBytes(ISO_8859_1))).isEqualTo(Inbound.STALLED);
      settle();
      assertThat(wire.isStalled()).isFalse();
      assertThat(wire.resumes()).isEqualTo(resumes + 1);
      return this;
    }

    private Stream settle() {
      engine.step();
      heard.append(new String(wire.takeWritten(), ISO_8859_1));
      return this;
    }

    @Override
    public void onMessage(
        Connection from, int opcode, DirectBuffer buffer, int offset, int length) {
      messages.add(text(buffer, offset, length));
    }

    @Override
    public void onMalformed(
        Connection from, Violation violation, DirectBuffer buffer, int offset, int length) {
      malformed.add(text(buffer, offset, length));
      refusal.answer(from, violation, buffer, offset, length);
    }

    private static String text(DirectBuffer buffer, int offset, int length) {
      final byte[] bytes = new byte[length];
      buffer.getBytes(offset, bytes);
      return new String(bytes, ISO_8859_1);
    }

    @Override
    public void onClosed(Connection connection, ClosedEvent event) {
      assertThat(closed).isNull();
      closed = event;
    }

    TestWire wire() {
      return wire;
    }

    List<String> messages() {
      return messages;
    }

    /** What the handler was given of the message that broke the stream. */
    List<String> malformed() {
      return malformed;
    }

    /** All that was written. */
    String heard() {
      return heard.toString();
    }

    /** Ends the peer's direction; the stream must then be gone. */
    ClosedEvent ended() {
      wire.endOfInput();
      settle();
      assertThat(wire.isClosed()).isTrue();
      assertThat(closed).isNotNull();
      return closed;
    }
  }

  static ConnectionContext context() {
    return new ConnectionContext()
        .framing(SipFraming::new)
        .maxReadsPerMessage(Integer.MAX_VALUE)
        .pingRate(1_000)
        .pingBurst(1_000);
  }

  Stream open() {
    return open(context());
  }

  Stream open(ConnectionContext context) {
    return new Stream(context);
  }

  long counter(EngineCounter counter) {
    return engine.engine().counter(counter);
  }

  long counter(SipCounter counter) {
    return counters.get(counter);
  }

  @Override
  public int send(long id, int opcode, DirectBuffer buffer, int offset, int length) {
    final int result = engine.engine().send(id, opcode, buffer, offset, length);
    assertThat(result).isEqualTo(SendResult.SENT);
    return result;
  }

  @Override
  public boolean close(long id, int code, String reason) {
    throw new AssertionError("closed for " + reason);
  }

  @Override
  public void close() {
    engine.step();
    assertThat(counter(EngineCounter.POOLED_BYTES_IN_USE)).isZero();
    engine.close();
  }
}
