package org.millrace.engine.sip;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.millrace.engine.connection.SendResult;

/**
 * Any bytes, or messages of the torture test with bytes changed: parsed within their range, and
 * through the core without an exception. What comes out of the core parses.
 *
 * <p>Input: a byte that names a template or none, then pairs of position and byte to put there, or
 * the message itself.
 */
@Tag("fuzz")
class SipMessageFuzzTest {
  private static final List<byte[]> TEMPLATES = templates();

  private static List<byte[]> templates() {
    final List<byte[]> templates = new ArrayList<>();
    for (final TortureTest.Legal legal : TortureTest.Legal.values()) {
      templates.add(legal.text.getBytes(ISO_8859_1));
    }
    final SipClient alice = new SipClient(null, "alice", null);
    for (final String text : List.of(alice.register(600), alice.invite("bob", "c"))) {
      templates.add(SipClient.crlf(text).getBytes(ISO_8859_1));
    }
    return templates;
  }

  private static byte[] message(byte[] input) {
    final int template = input.length == 0 ? -1 : input[0];
    if (template < 0 || template >= TEMPLATES.size()) {
      return input;
    }
    final byte[] message = TEMPLATES.get(template).clone();
    for (int i = 1; i + 2 < input.length; i += 3) {
      final int at = ((input[i] & 0xFF) << 8) | (input[i + 1] & 0xFF);
      message[at % message.length] = input[i + 2];
    }
    return message;
  }

  @FuzzTest(maxDuration = "60s")
  void staysWithinItsBytes(byte[] input) {
    final byte[] bytes = message(input);
    final byte[] around = new byte[bytes.length + 32];
    Arrays.fill(around, (byte) ' ');
    System.arraycopy(bytes, 0, around, 16, bytes.length);
    final UnsafeBuffer buffer = new UnsafeBuffer(around);
    final SipMessage message = new SipMessage();
    final SipDefect defect = message.parse(buffer, 16, bytes.length);
    if (defect == SipDefect.NONE) {
      assertThat(message.offset()).isNotNegative();
      assertThat(message.bodyLength()).isNotNegative();
      assertThat(message.end()).isLessThanOrEqualTo(bytes.length);
      assertThat(message.headerEnd()).isLessThanOrEqualTo(message.bodyOffset());
    }
    route(buffer, bytes.length);
    // what is around it must not have mattered
    Arrays.fill(around, 0, 16, (byte) '\r');
    Arrays.fill(around, 16 + bytes.length, around.length, (byte) '\n');
    assertThat(message.parse(buffer, 16, bytes.length)).isEqualTo(defect);
    // nor what was parsed before
    for (final byte filler : new byte[] {'\r', '\n', ' ', 'a', ':', '"', '<'}) {
      final byte[] before = new byte[bytes.length + 32];
      Arrays.fill(before, filler);
      message.parse(new UnsafeBuffer(before), 0, before.length);
      assertThat(message.parse(buffer, 16, bytes.length)).isEqualTo(defect);
    }
  }

  private static final class ParsingSender implements FlowSender {
    private final SipMessage sent = new SipMessage();

    @Override
    public int send(long id, int opcode, DirectBuffer buffer, int offset, int length) {
      final SipDefect defect = sent.parse(buffer, offset, length);
      // answers to what was malformed may carry its faults on
      assertThat(defect).isNotEqualTo(SipDefect.NOT_SIP);
      return SendResult.SENT;
    }

    @Override
    public boolean close(long id, int code, String reason) {
      throw new AssertionError("closed");
    }
  }

  private static void route(DirectBuffer buffer, int length) {
    final CoreShard shard =
        new CoreShard(
            new EmbeddedCoreContext().conclude(),
            new FlowTable(),
            new OwnNames(List.of()),
            new Location(),
            new NonceUse(1),
            new ForkTable(4),
            new ParsingSender(),
            new SipMessage(),
            new SipCounters());
    final FlowInfo info = new FlowInfo(true, "example.com", 443, null, null);
    final Flow flow = shard.opened(1 << 8, info, null);
    final SipMessage message = shard.message();
    for (int twice = 0; twice < 2; twice++) {
      if (message.parse(buffer, 16, length) == SipDefect.NONE) {
        if (message.isRequest()) {
          shard.request(flow, message);
        } else {
          shard.response(flow, message);
        }
      } else if (message.isAnswerable()) {
        shard.malformed(flow, message);
      }
    }
    shard.closed(flow);
  }
}
