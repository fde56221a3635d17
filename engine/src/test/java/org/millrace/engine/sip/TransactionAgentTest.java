package org.millrace.engine.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.sip.SipClient.crlf;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.millrace.engine.connection.SendResult;
import org.millrace.engine.harness.ManualClock;

/** Requests and answers of all threads meet on one. */
class TransactionAgentTest {
  private static final String BRANCH = "z9hG4bKe1.abcdefghijklmnop";
  private static final CoreSocket SOCKET = new CoreSocket(1, CoreTransport.UDP, "10.0.0.7", 5060);

  private final List<String> core = new ArrayList<>();
  private final List<String> client = new ArrayList<>();
  private final List<Integer> passed = new ArrayList<>();
  private final List<String> refused = new ArrayList<>();
  private final ManualClock clock = new ManualClock();
  private final UpstreamSet upstreams = new UpstreamSet();
  private final Target one = target("one", 1);
  private final Target two = target("two", 2);
  private int woken;
  private final TransactionQueue queue = new TransactionQueue(64 * 1024, () -> woken++);
  private final TransactionAgent agent;

  TransactionAgentTest() {
    upstreams.update(Map.of("core", List.of(one, two)));
    final CoreSender sender =
        new CoreSender() {
          @Override
          public int send(Target to, DirectBuffer buffer, int offset, int length, boolean again) {
            core.add(to.name() + " " + firstLine(buffer, offset, length));
            return SendResult.SENT;
          }

          @Override
          public int reply(CoreHop hop, DirectBuffer buffer, int offset, int length) {
            throw new AssertionError();
          }
        };
    final FlowSender flows =
        new FlowSender() {
          @Override
          public int send(long id, int opcode, DirectBuffer buffer, int offset, int length) {
            client.add(id + " " + firstLine(buffer, offset, length));
            return SendResult.SENT;
          }

          @Override
          public boolean close(long id, int code, String reason) {
            throw new AssertionError();
          }
        };
    final ProxyTransactions transactions =
        new ProxyTransactions(
            TransactionSettings.DEFAULT,
            upstreams,
            SizeRule.DEFAULT,
            flows,
            sender,
            new SipCounters());
    final UndeliveredRequests undelivered =
        new UndeliveredRequests(
            upstreams,
            sender,
            null,
            new ViaTokens(null, () -> 0),
            queue,
            new Responder(
                new FlowTokens(EdgeRig.keys(new EdgeProxyContext()).tokenKeys()),
                flows,
                new SipCounters()),
            (hop, buffer, offset, length) -> refused.add(firstLine(buffer, offset, length)));
    agent =
        new TransactionAgent(
            queue,
            transactions,
            upstreams,
            message -> passed.add(message.status()),
            undelivered,
            clock);
  }

  private static Target target(String name, int priority) {
    return new Target(name, SOCKET, new InetSocketAddress("10.0.0.9", 5060), priority, 1);
  }

  private static String firstLine(DirectBuffer buffer, int offset, int length) {
    return Text.of(buffer, offset, length).lines().findFirst().orElseThrow();
  }

  private static UnsafeBuffer invite() {
    return Text.direct(
        crlf(
            Text.request("INVITE", "sip:b@x", "c", "")
                .replace("Via:", "Via: SIP/2.0/UDP 10.0.0.7:5060;branch=" + BRANCH + "\nVia:")));
  }

  private static UnsafeBuffer answer(int status) {
    return Text.direct(
        crlf(
            "SIP/2.0 "
                + status
                + " x\nVia: SIP/2.0/UDP 10.0.0.7:5060;branch="
                + BRANCH
                + "\nVia: SIP/2.0/WSS a.invalid;branch=z9hG4bK1\nTo: <sip:b@x>;tag=2\n"
                + "From: <sip:a@x>;tag=1\nCall-ID: c\nCSeq: 1 INVITE\n\n"));
  }

  @Test
  void requestsAndResponsesMeet() {
    final UnsafeBuffer invite = invite();
    assertThat(agent.doWork()).isZero();
    assertThat(agent.nextNs()).isEqualTo(Long.MAX_VALUE);
    assertThat(queue.request(9, one, "core", invite, 0, invite.capacity()))
        .isEqualTo(SendResult.SENT);
    assertThat(woken).isEqualTo(1);
    final UnsafeBuffer ringing = answer(180);
    queue.response(ringing, 0, ringing.capacity());
    assertThat(agent.doWork()).isEqualTo(2);
    assertThat(client).containsExactly("9 SIP/2.0 100 Trying");
    assertThat(core).containsExactly("one INVITE sip:b@x SIP/2.0");
    assertThat(passed).containsExactly(180);
    assertThat(agent.nextNs()).isEqualTo(clock.nanoTime() + Duration.ofSeconds(185).toNanos());
  }

  @Test
  void whatWasNotSentGoesElsewhere() {
    final UnsafeBuffer invite = invite();
    queue.request(9, one, "core", invite, 0, invite.capacity());
    queue.unsent(one, invite, 0, invite.capacity());
    agent.doWork();
    assertThat(core).containsExactly("one INVITE sip:b@x SIP/2.0", "two INVITE sip:b@x SIP/2.0");
  }

  @Test
  void whatWasNotSentAndHasNoTransactionIsAnsweredAsWithoutThem() {
    final UnsafeBuffer invite = invite();
    queue.unsent(one, invite, 0, invite.capacity());
    agent.doWork();
    assertThat(refused).containsExactly("SIP/2.0 503 Service Unavailable");
    assertThat(core).isEmpty();
  }

  @Test
  void whatIsInTheQueueAtTheEndIsSent() {
    final UnsafeBuffer invite = invite();
    queue.request(9, one, "core", invite, 0, invite.capacity());
    assertThat(agent.isIdle()).isFalse();
    agent.onClose();
    assertThat(agent.isIdle()).isTrue();
    assertThat(agent.transactions()).isEqualTo(1);
    assertThat(core).containsExactly("one INVITE sip:b@x SIP/2.0");
  }

  @Test
  void timeIsLookedAt() {
    final UnsafeBuffer invite = invite();
    queue.request(9, one, "core", invite, 0, invite.capacity());
    agent.doWork();
    clock.advance(Duration.ofSeconds(10));
    agent.doWork();
    assertThat(core).hasSize(2);
  }

  @Test
  void aTargetThatHasGoneMeanwhileIsReplaced() {
    final UnsafeBuffer invite = invite();
    queue.request(9, one, "core", invite, 0, invite.capacity());
    upstreams.update(Map.of("core", List.of(two)));
    agent.doWork();
    assertThat(core).containsExactly("two INVITE sip:b@x SIP/2.0");
  }

  @Test
  void aNamedNextHopHasNoGroup() {
    final UnsafeBuffer invite = invite();
    queue.request(9, one, null, invite, 0, invite.capacity());
    queue.unsent(one, invite, 0, invite.capacity());
    agent.doWork();
    assertThat(client).containsExactly("9 SIP/2.0 100 Trying", "9 SIP/2.0 503 Service Unavailable");
  }

  @Test
  void aFullQueueRefuses() {
    final UnsafeBuffer invite = invite();
    int result;
    do {
      result = queue.request(9, one, "core", invite, 0, invite.capacity());
    } while (result == SendResult.SENT);
    assertThat(result).isEqualTo(SendResult.BACK_PRESSURED);
    final UnsafeBuffer tooLong = new UnsafeBuffer(new byte[10_000]);
    assertThat(queue.response(tooLong, 0, 10_000)).isEqualTo(SendResult.TOO_LONG);
  }
}
