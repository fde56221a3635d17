package org.millrace.engine.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.sip.EdgeMessages.ACK;
import static org.millrace.engine.sip.EdgeMessages.BYE;
import static org.millrace.engine.sip.EdgeMessages.BYE_OK;
import static org.millrace.engine.sip.EdgeMessages.BYE_VIA;
import static org.millrace.engine.sip.EdgeMessages.CORE_INVITE;
import static org.millrace.engine.sip.EdgeMessages.INVITE;
import static org.millrace.engine.sip.EdgeMessages.INVITE_VIA;
import static org.millrace.engine.sip.EdgeMessages.OK;
import static org.millrace.engine.sip.EdgeMessages.REGISTER;
import static org.millrace.engine.sip.EdgeMessages.before;
import static org.millrace.engine.sip.EdgeMessages.replaced;
import static org.millrace.engine.sip.EdgeMessages.sameTransaction;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.connection.SendResult;

/** A warm router of the edge proxy allocates nothing for a message, whichever way it goes. */
class EdgeAllocationTest {
  private static final int TURNS = 10_000;
  private static final int ROUNDS = 5;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final Sink sink = new Sink();
  private final UpstreamSet upstreams = new UpstreamSet();
  private final EdgeShard shard = shard(null);
  private final Flow alice = alice(shard, EdgePolicy.Transactions.AUTO);
  private long nowNs = 1;
  private final CoreHop hop =
      new CoreHop()
          .set(EdgeRig.TCP_SOCKET, new byte[] {10, 0, 0, 9}, 40112, EdgeRig.CORE_CONNECTION);

  /** Takes what is sent. */
  private static final class Sink implements FlowSender, CoreSender {
    private long toFlows;
    private long toCore;

    @Override
    public int send(long id, int opcode, DirectBuffer buffer, int offset, int length) {
      toFlows++;
      return SendResult.SENT;
    }

    @Override
    public boolean close(long id, int code, String reason) {
      throw new AssertionError("closed for " + reason);
    }

    @Override
    public int send(
        Target target, DirectBuffer buffer, int offset, int length, boolean retransmit) {
      toCore++;
      return SendResult.SENT;
    }

    @Override
    public int reply(CoreHop hop, DirectBuffer buffer, int offset, int length) {
      toCore++;
      return SendResult.SENT;
    }
  }

  private static Flow alice(EdgeShard shard, EdgePolicy.Transactions transactions) {
    return shard.opened(
        EdgeRig.ALICE,
        new FlowInfo(
            true,
            "edge.example.com",
            443,
            new InetSocketAddress("203.0.113.5", 51234),
            "alice@example.com"),
        new EdgePolicy(
            EdgePolicy.Mode.OUTBOUND,
            "core",
            true,
            false,
            false,
            false,
            true,
            120,
            true,
            true,
            transactions));
  }

  private EdgeShard shard(TransactionQueue queue) {
    final List<CoreSocket> sockets = List.of(EdgeRig.UDP_SOCKET, EdgeRig.TCP_SOCKET);
    upstreams.update(
        Map.of(
            "core",
            List.of(
                EdgeRig.target(EdgeRig.TCP_SOCKET, "10.0.0.9", 5060),
                EdgeRig.target(EdgeRig.TCP_SOCKET, "10.0.0.10", 5060))));
    return new EdgeShard(
        EdgeRig.keys(new EdgeProxyContext()).node(7).coreSockets(sockets).conclude(),
        new FlowTable(),
        new OwnNames(sockets),
        new AliasTable(),
        upstreams,
        sink,
        sink,
        new SipMessage(),
        null,
        queue,
        new SipCounters());
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

  private static String message(String name) {
    final String foreign = "Route: <sip:198.51.100.66;lr>\n";
    return switch (name) {
      case "REGISTER" -> REGISTER;
      case "INVITE" -> INVITE;
      case "INVITE with rport" -> replaced(INVITE, "4711002", "4711002;rport");
      case "CANCEL" -> sameTransaction(INVITE, "CANCEL", "");
      case "ACK" -> ACK;
      case "no hops" -> replaced(INVITE, "Max-Forwards: 70", "Max-Forwards: 0");
      case "stray" -> before(INVITE, "To", foreign);
      case "response to BYE" -> "SIP/2.0 200 OK\n" + BYE_VIA + BYE_OK;
      case "core BYE" -> BYE;
      case "core INVITE" -> CORE_INVITE;
      case "core NAT" -> replaced(CORE_INVITE, "10.0.0.9:5060;branch", "core.local;rport;branch");
      case "core forged" -> CORE_INVITE.replace("RBfj", "RBfk");
      case "core response" -> "SIP/2.0 200 OK\n" + INVITE_VIA + OK;
      default -> throw new IllegalArgumentException(name);
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "REGISTER",
        "INVITE",
        "INVITE with rport",
        "CANCEL",
        "ACK",
        "no hops",
        "stray",
        "response to BYE"
      })
  void ofAClient(String name) {
    final boolean answered = name.equals("no hops") || name.equals("stray");
    final UnsafeBuffer text = Text.direct(SipClient.crlf(message(name)));
    final Runnable turn =
        () -> {
          final SipMessage message = shard.message();
          if (message.parse(text, 0, text.capacity()) != SipDefect.NONE) {
            throw new AssertionError(message.defect());
          }
          if (message.isRequest()) {
            shard.request(alice, message);
          } else {
            shard.response(alice, message);
          }
        };
    assertThat(leastPerRound(turn)).as("bytes of %s turns", TURNS).isZero();
    assertThat(answered ? sink.toFlows : sink.toCore).isGreaterThan(TURNS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"core BYE", "core INVITE", "core NAT", "core forged", "core response"})
  void ofTheCore(String name) {
    final UnsafeBuffer text = Text.direct(SipClient.crlf(message(name)));
    assertThat(leastPerRound(() -> shard.onMessage(hop, text, 0, text.capacity())))
        .as("bytes of %s turns", TURNS)
        .isZero();
    assertThat(name.equals("core forged") ? sink.toCore : sink.toFlows).isGreaterThan(TURNS);
  }

  /** The same call again and again: each is over before the next. */
  @Test
  void callsOfAPathWithTransactions() {
    final TransactionSettings settings = TransactionSettings.DEFAULT;
    final TransactionQueue queue = new TransactionQueue(64 * 1024, () -> {});
    final EdgeShard stateful = shard(queue);
    final Flow flow = alice(stateful, EdgePolicy.Transactions.TRANSACTION);
    final ProxyTransactions transactions =
        new ProxyTransactions(settings, upstreams, SizeRule.DEFAULT, sink, sink, new SipCounters());
    final TransactionAgent agent =
        new TransactionAgent(queue, transactions, upstreams, stateful::pass, null, () -> nowNs);
    final UnsafeBuffer invite = Text.direct(SipClient.crlf(INVITE));
    final UnsafeBuffer refusal =
        Text.direct(SipClient.crlf("SIP/2.0 486 Busy Here\n" + INVITE_VIA + OK));
    final Runnable turn =
        () -> {
          stateful.message().parse(invite, 0, invite.capacity());
          stateful.request(flow, stateful.message());
          agent.doWork();
          stateful.onMessage(hop, refusal, 0, refusal.capacity());
          agent.doWork();
          nowNs += settings.timers().transactionNs();
          agent.doWork();
          if (agent.transactions() != 0) {
            throw new AssertionError();
          }
        };
    assertThat(leastPerRound(turn)).as("bytes of %s turns", TURNS).isZero();
    assertThat(sink.toFlows).as("100s and 486s").isGreaterThan(2 * TURNS);
    assertThat(sink.toCore).as("INVITEs and ACKs").isGreaterThan(2 * TURNS);
  }
}
