package org.millrace.engine.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.sip.SipClient.crlf;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.millrace.engine.connection.SendResult;

/** What happens for every message on the way to the core allocates nothing once warm. */
class CoreAllocationTest {
  private static final int TURNS = 10_000;
  private static final int ROUNDS = 5;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private long seen;
  private long nowNs;

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

  @Test
  void targetsAreChosen() {
    final CoreSocket socket = new CoreSocket(1, CoreTransport.UDP, "10.0.0.7", 5060);
    final UpstreamSet upstreams = new UpstreamSet();
    final Target one =
        new Target("1", socket, new InetSocketAddress("10.0.0.1", 5060), 1, 3, null, Set.of("pbx"));
    final Target two = new Target("2", socket, new InetSocketAddress("10.0.0.2", 5060), 1, 4);
    upstreams.update(Map.of("core", List.of(one, two)));
    final TargetChoice choice = new TargetChoice(1024);
    final SipMessage invite = Text.parsed(Text.request("INVITE", "sip:x@PBX:5060;lr", "c", ""));
    final byte[] branch = new byte[26];
    assertThat(
            leastPerRound(
                () -> {
                  branch[(int) (seen % branch.length)]++;
                  seen++;
                  if (choice.remembered(invite, branch, branch.length, seen) == null) {
                    choice.sent(
                        invite,
                        choice.choose(upstreams.group("core"), invite),
                        branch,
                        branch.length,
                        seen);
                  }
                  if (choice.named(upstreams, invite, invite.uriOffset(), invite.uriLength())
                      != one) {
                    throw new AssertionError();
                  }
                }))
        .isZero();
  }

  @Test
  void transactionsComeAndGo() {
    final ClientTransactions transactions =
        new ClientTransactions(SipTimers.DEFAULT, 100, 1024 * 1024, new SipCounters());
    final UnsafeBuffer request =
        Text.direct(crlf(Text.request("MESSAGE", "sip:b@x", "c", "") + "x".repeat(2000)));
    final UnsafeBuffer cancel = Text.direct(crlf(Text.request("CANCEL", "sip:b@x", "c", "")));
    final String answer = Text.request("MESSAGE", "sip:b@x", "c", "");
    final UnsafeBuffer response =
        Text.direct(crlf(answer.replace("MESSAGE sip:b@x SIP/2.0", "SIP/2.0 200 OK")));
    final ClientTransactions.Resender resender = (to, buffer, offset, length) -> seen += length;
    assertThat(
            leastPerRound(
                () -> {
                  transactions.add(1, request, 0, request.capacity(), 0);
                  transactions.add(2, cancel, 0, cancel.capacity(), 0);
                  transactions.poll(SipTimers.DEFAULT.t1Ns(), resender);
                  transactions.onResponse(response, 0, response.capacity());
                  transactions.poll(SipTimers.DEFAULT.transactionNs(), resender);
                  if (transactions.active() != 0) {
                    throw new AssertionError();
                  }
                }))
        .isZero();
  }

  @Test
  void aliasesAreAddedAndFound() {
    final AliasTable table = new AliasTable();
    final AliasMac macs = new AliasMac(List.of(new byte[16]));
    final Aliases aliases = new Aliases(table, macs);
    final InetSocketAddress remote = new InetSocketAddress("203.0.113.5", 51_234);
    final FlowAddress flow =
        FlowAddress.of(new FlowInfo(true, "edge.example.com", 443, remote, null), 9, macs);
    table.enter(flow);
    final Splice splice = new Splice();
    final String contact = "Contact: <sip:a@x.invalid;transport=ws>\n";
    final SipMessage there = Text.parsed(Text.request("INVITE", "sip:b@x", "c", contact));
    splice.begin();
    aliases.add(there, flow, splice);
    final SipWriter aliased = splice.apply(there.text(), there.offset(), there.end());
    final String text = Text.of(aliased.buffer(), 0, aliased.length());
    final String uri = text.substring(text.indexOf("sip:a@"), text.indexOf(";transport"));
    final SipMessage back = Text.parsed(Text.request("INVITE", uri, "c", ""));
    assertThat(
            leastPerRound(
                () -> {
                  splice.begin();
                  aliases.add(there, flow, splice);
                  seen += splice.apply(there.text(), there.offset(), there.end()).length();
                  splice.begin();
                  if (aliases.read(back) != null || aliases.flow() != 9) {
                    throw new AssertionError();
                  }
                  aliases.cut(splice);
                  seen += splice.apply(back.text(), back.offset(), back.end()).length();
                }))
        .isZero();
  }

  @Test
  void callsFailOverAndAreCancelled() {
    final CoreSocket socket = new CoreSocket(1, CoreTransport.UDP, "10.0.0.7", 5060);
    final Target one = new Target("1", socket, new InetSocketAddress("10.0.0.1", 5060), 1, 1);
    final Target two = new Target("2", socket, new InetSocketAddress("10.0.0.2", 5060), 2, 1);
    final UpstreamSet upstreams = new UpstreamSet();
    upstreams.update(Map.of("core", List.of(one, two)));
    final Sink sink = new Sink();
    final ProxyTransactions transactions =
        new ProxyTransactions(
            TransactionSettings.DEFAULT,
            upstreams,
            SizeRule.DEFAULT,
            sink,
            sink,
            new SipCounters());
    final TransactionQueue queue = new TransactionQueue(64 * 1024, () -> seen++);
    final TransactionAgent agent =
        new TransactionAgent(
            queue, transactions, upstreams, message -> seen += message.status(), null, () -> nowNs);
    final String branch = "z9hG4bKe1.abcdefghijklmnop";
    final UnsafeBuffer invite = hop("INVITE sip:b@x SIP/2.0", "INVITE", branch);
    final UnsafeBuffer cancel = hop("CANCEL sip:b@x SIP/2.0", "CANCEL", branch);
    final UnsafeBuffer ringing = hop("SIP/2.0 180 Ringing", "INVITE", branch + ".1");
    final UnsafeBuffer refused = hop("SIP/2.0 487 Terminated", "INVITE", branch + ".1");
    assertThat(
            leastPerRound(
                () -> {
                  queue.request(9, one, "core", invite, 0, invite.capacity());
                  agent.doWork();
                  nowNs += TransactionSettings.DEFAULT.failoverNs();
                  agent.doWork();
                  queue.response(ringing, 0, ringing.capacity());
                  queue.request(9, one, "core", cancel, 0, cancel.capacity());
                  queue.response(refused, 0, refused.capacity());
                  agent.doWork();
                  nowNs += SipTimers.DEFAULT.transactionNs();
                  agent.doWork();
                  if (transactions.active() != 0) {
                    throw new AssertionError();
                  }
                }))
        .isZero();
  }

  private static UnsafeBuffer hop(String startLine, String method, String branch) {
    final String text = Text.request(method, "sip:b@x", "c", "");
    return Text.direct(
        crlf(
            text.replace(method + " sip:b@x SIP/2.0", startLine)
                .replace("Via:", "Via: SIP/2.0/UDP 10.0.0.7:5060;branch=" + branch + "\nVia:")));
  }

  /** Takes everything. */
  private static final class Sink implements FlowSender, CoreSender {
    private long bytes;

    @Override
    public int send(long id, int opcode, DirectBuffer buffer, int offset, int length) {
      bytes += length;
      return SendResult.SENT;
    }

    @Override
    public boolean close(long id, int code, String reason) {
      throw new AssertionError("closed for " + reason);
    }

    @Override
    public int send(Target to, DirectBuffer buffer, int offset, int length, boolean retransmit) {
      bytes += length;
      return SendResult.SENT;
    }

    @Override
    public int reply(CoreHop hop, DirectBuffer buffer, int offset, int length) {
      throw new AssertionError("a reply of " + bytes);
    }
  }
}
