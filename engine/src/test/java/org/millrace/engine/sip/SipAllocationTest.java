package org.millrace.engine.sip;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.sip.SipClient.crlf;
import static org.millrace.engine.sip.SipClient.values;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.millrace.engine.connection.SendResult;

/** A warm parser and a warm router allocate nothing for a message. */
class SipAllocationTest {
  private static final int TURNS = 10_000;
  private static final int ROUNDS = 5;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Takes what is sent and notes its last bytes. */
  private static final class Sink implements FlowSender {
    private long sent;
    private long to;
    private String last = "";
    private boolean keeps = true;

    @Override
    public int send(long id, int opcode, DirectBuffer buffer, int offset, int length) {
      sent++;
      to = id;
      if (keeps) {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        last = new String(bytes, ISO_8859_1);
      }
      return SendResult.SENT;
    }

    @Override
    public boolean close(long id, int code, String reason) {
      throw new AssertionError("closed for " + reason);
    }
  }

  private final Sink sink = new Sink();
  private final SipCounters counters = new SipCounters();
  private final CoreShard shard = shard();
  private final FlowInfo info = new FlowInfo(true, "edge.example.com", 443, null, null);
  private final Flow alice = shard.opened(1 << 8, info, null);
  private final Flow bob = shard.opened(2 << 8, info, null);

  private CoreShard shard() {
    final EmbeddedCoreContext context = new EmbeddedCoreContext().conclude();
    return new CoreShard(
        context,
        new FlowTable(),
        new OwnNames(List.of()),
        new Location(),
        new NonceUse(16),
        new ForkTable(0),
        sink,
        new SipMessage(),
        counters);
  }

  /** Bytes allocated in the best round: what the compiler does now and then is not the code's. */
  private long leastPerRound(Runnable turn) {
    for (int i = 0; i < 2 * TURNS; i++) {
      turn.run();
    }
    long least = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS && least != 0; round++) {
      final long idle = threads.getCurrentThreadAllocatedBytes();
      final long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < TURNS; i++) {
        turn.run();
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before - (before - idle));
    }
    return Math.max(0, least);
  }

  private static UnsafeBuffer direct(String text) {
    final byte[] bytes = text.getBytes(ISO_8859_1);
    final ByteBuffer buffer =
        ByteBuffer.allocateDirect(bytes.length).order(ByteOrder.nativeOrder());
    return new UnsafeBuffer(buffer.put(0, bytes));
  }

  private void say(Flow flow, DirectBuffer text) {
    final SipMessage message = shard.message();
    if (message.parse(text, 0, text.capacity()) != SipDefect.NONE) {
      throw new AssertionError(message.defect());
    }
    if (message.isRequest()) {
      shard.request(flow, message);
    } else {
      shard.response(flow, message);
    }
  }

  private void forwards(Flow from, Flow to, String message) {
    final UnsafeBuffer text = direct(message);
    say(from, text);
    assertThat(sink.to).isEqualTo(to.id());
    sink.keeps = false;
    final long before = sink.sent;
    assertThat(leastPerRound(() -> say(from, text))).as("bytes of %s turns", TURNS).isZero();
    assertThat(sink.sent - before).isGreaterThan(TURNS);
    assertThat(sink.to).isEqualTo(to.id());
    sink.keeps = true;
  }

  @Test
  void parse() {
    final SipMessage message = new SipMessage();
    for (final TortureTest.Legal legal : TortureTest.Legal.values()) {
      final UnsafeBuffer text = direct(legal.text);
      assertThat(leastPerRound(() -> message.parse(text, 0, text.capacity()))).isZero();
    }
    for (final TortureTest.Illegal illegal : TortureTest.Illegal.values()) {
      final UnsafeBuffer text = direct(illegal.text);
      assertThat(leastPerRound(() -> message.parse(text, 0, text.capacity()))).isZero();
    }
  }

  @Test
  void route() {
    final SipClient says = new SipClient(null, "alice", null);
    final SipClient answers = new SipClient(null, "bob", null);
    say(bob, direct(crlf(answers.register(600))));
    assertThat(sink.last).startsWith("SIP/2.0 200 OK");

    forwards(alice, bob, crlf(says.message("bob", "hello")));
    forwards(alice, bob, crlf(says.invite("bob", "c")));
    final String invite = sink.last;
    final String ok = answers.answer(invite, 200, "Contact: <" + answers.contactUri() + ">\n");
    forwards(bob, alice, crlf(ok));
    final List<String> recorded = values(invite, "Record-Route");
    final String inDialog =
        says.request("INFO", answers.contactUri(), "sip:bob@example.com", "bobtag", "c", 2)
            + "Route: "
            + recorded.get(1)
            + "\nRoute: "
            + recorded.get(0)
            + "\n\nbody";
    forwards(alice, bob, crlf(inDialog));
    forwards(alice, alice, crlf(says.message("nobody", "is answered here")));
    assertThat(counters.get(SipCounter.FOREIGN_RESPONSES)).isZero();
  }
}
