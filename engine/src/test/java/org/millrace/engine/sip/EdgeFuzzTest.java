package org.millrace.engine.sip;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.millrace.engine.connection.SendResult;

/**
 * Any bytes, or messages of the vectors with bytes changed, from a client and from the core: the
 * proxy throws nothing, writes nothing but SIP, forwards what is well-formed as something
 * well-formed with one Via more or less, and nothing else.
 *
 * <p>Input: a byte that names a template or none, then triples of position (2) and byte to put
 * there, or the message itself.
 */
@Tag("fuzz")
class EdgeFuzzTest {
  private static final List<byte[]> TEMPLATES = templates();

  private static List<byte[]> templates() {
    final List<byte[]> templates = new ArrayList<>();
    for (final String text :
        List.of(
            EdgeMessages.REGISTER,
            EdgeMessages.INVITE,
            EdgeMessages.ACK,
            EdgeMessages.BYE,
            EdgeMessages.CORE_INVITE,
            "SIP/2.0 200 OK\n" + EdgeMessages.INVITE_VIA + EdgeMessages.OK,
            "SIP/2.0 200 OK\n" + EdgeMessages.BYE_VIA + EdgeMessages.BYE_OK)) {
      templates.add(SipClient.crlf(text).getBytes(ISO_8859_1));
    }
    for (final TortureTest.Legal legal : TortureTest.Legal.values()) {
      templates.add(legal.text.getBytes(ISO_8859_1));
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

  /** Parses what is sent. */
  private static final class Sink implements FlowSender, CoreSender {
    private final SipMessage sent = new SipMessage();
    private boolean wellFormed;
    private int vias;
    private boolean request;
    private int count;

    private int take(DirectBuffer buffer, int offset, int length) {
      count++;
      final SipDefect defect = sent.parse(buffer, offset, length);
      assertThat(defect).isNotEqualTo(SipDefect.NOT_SIP);
      if (sent.isRequest() == request) {
        assertThat(wellFormed).as("forwarded").isTrue();
        assertThat(defect).isEqualTo(SipDefect.NONE);
        assertThat(sent.surplus()).isZero();
        assertThat(vias(sent)).isEqualTo(vias + (request ? 1 : -1));
      }
      return SendResult.SENT;
    }

    @Override
    public int send(long id, int opcode, DirectBuffer buffer, int offset, int length) {
      return take(buffer, offset, length);
    }

    @Override
    public boolean close(long id, int code, String reason) {
      throw new AssertionError("closed");
    }

    @Override
    public int send(
        Target target, DirectBuffer buffer, int offset, int length, boolean retransmit) {
      return take(buffer, offset, length);
    }

    @Override
    public int reply(CoreHop hop, DirectBuffer buffer, int offset, int length) {
      return take(buffer, offset, length);
    }
  }

  /** Via values; those that are malformed end a line. */
  private static int vias(SipMessage message) {
    final ViaValue via = new ViaValue();
    int count = 0;
    for (int i = message.header(HeaderName.VIA); i >= 0; i = message.nextHeader(i)) {
      int at = message.valueStart(i);
      while (at >= 0) {
        count++;
        at = via.parse(message.text(), at, message.valueEnd(i)) ? via.next() : -1;
      }
    }
    return count;
  }

  @FuzzTest(maxDuration = "60s")
  void forwardsNothingButSip(byte[] input) {
    final byte[] bytes = message(input);
    final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
    final Sink sink = new Sink();
    final UpstreamSet upstreams = new UpstreamSet();
    final Target target = EdgeRig.target(EdgeRig.TCP_SOCKET, "10.0.0.9", 5060);
    upstreams.update(Map.of("core", List.of(target)));
    final List<CoreSocket> sockets = List.of(EdgeRig.UDP_SOCKET, EdgeRig.TCP_SOCKET);
    final EdgeShard shard =
        new EdgeShard(
            EdgeRig.keys(new EdgeProxyContext()).node(7).coreSockets(sockets).conclude(),
            new FlowTable(),
            new OwnNames(sockets),
            new AliasTable(),
            upstreams,
            sink,
            sink,
            new SipMessage(),
            null,
            null,
            new SipCounters());
    final FlowInfo info =
        new FlowInfo(
            true, "edge.example.com", 443, new InetSocketAddress("203.0.113.5", 51234), null);
    final Flow flow = shard.opened(EdgeRig.ALICE, info, EdgeRig.POLICY);
    final SipMessage message = shard.message();
    final UnsafeBuffer before = new UnsafeBuffer(new byte[1 << 16]);
    before.putBytes(1 << 15, TEMPLATES.get(0));
    message.parse(before, 1 << 15, TEMPLATES.get(0).length); // what it leaves must not matter
    final SipDefect defect = message.parse(buffer, 0, bytes.length);
    sink.wellFormed = defect == SipDefect.NONE;
    sink.request = message.isRequest();
    if (sink.wellFormed) {
      sink.vias = vias(message);
      if (sink.request) {
        shard.request(flow, message);
      } else {
        shard.response(flow, message);
      }
    } else if (message.isAnswerable()) {
      shard.malformed(flow, message);
    }
    assertThat(sink.count).isLessThanOrEqualTo(1);
    final CoreHop hop =
        new CoreHop()
            .set(EdgeRig.TCP_SOCKET, new byte[] {10, 0, 0, 9}, 40112, EdgeRig.CORE_CONNECTION);
    shard.onMessage(hop, buffer, 0, bytes.length);
    assertThat(sink.count).isLessThanOrEqualTo(2);
    shard.closed(flow);
  }
}
