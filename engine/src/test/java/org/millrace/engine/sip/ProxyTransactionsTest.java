package org.millrace.engine.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.sip.SipClient.crlf;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.connection.SendResult;

/** C-61, C-62: what the edge does for clients where it keeps transactions. */
class ProxyTransactionsTest {
  private static final long ALICE = 0x0001_0002_0000_0003L;
  private static final String BRANCH = "z9hG4bKe1.abcdefghijklmnop";
  private static final String REST = ";eflow=token;eloop=12345678";
  private static final String SDP = "v=0\n" + "x".repeat(1500);

  private static final CoreSocket UDP = new CoreSocket(1, CoreTransport.UDP, "10.0.0.7", 5060);
  private static final CoreSocket TCP = new CoreSocket(2, CoreTransport.TCP, "10.0.0.7", 5062);

  /** Notes what leaves towards the core, and refuses for some targets. */
  private static final class Core implements CoreSender {
    private final List<String> sent = new ArrayList<>();
    private final Set<Target> dead = new HashSet<>();

    @Override
    public int send(Target to, DirectBuffer buffer, int offset, int length, boolean retransmit) {
      if (dead.contains(to)) {
        return SendResult.NOT_OPEN;
      }
      final String text = Text.of(buffer, offset, length).replace("\r\n", "\n");
      assertThat(retransmit).isEqualTo(!text.startsWith("ACK"));
      sent.add(to.name() + " " + text);
      return SendResult.SENT;
    }

    @Override
    public int reply(CoreHop hop, DirectBuffer buffer, int offset, int length) {
      throw new AssertionError("nothing is answered to the core");
    }
  }

  /** Notes what leaves towards clients. */
  private static final class Flows implements FlowSender {
    private final List<String> sent = new ArrayList<>();

    @Override
    public int send(long id, int opcode, DirectBuffer buffer, int offset, int length) {
      assertThat(id).isEqualTo(ALICE);
      sent.add(Text.of(buffer, offset, length).replace("\r\n", "\n"));
      return SendResult.SENT;
    }

    @Override
    public boolean close(long id, int code, String reason) {
      throw new AssertionError("closed for " + reason);
    }
  }

  private final Target a = target("a", UDP, 1);
  private final Target b = target("b", TCP, 2);
  private final Target c = target("c", UDP, 3);
  private final UpstreamSet upstreams = new UpstreamSet();
  private final Core core = new Core();
  private final Flows flows = new Flows();
  private final SipCounters counters = new SipCounters();
  private final SipMessage response = new SipMessage();
  private ProxyTransactions transactions = transactions(TransactionSettings.DEFAULT);
  private long nowNs = 1;

  ProxyTransactionsTest() {
    upstreams.update(Map.of("core", List.of(a, b, c)));
  }

  private static Target target(String name, CoreSocket socket, int priority) {
    return new Target(name, socket, new InetSocketAddress("10.0.0." + priority, 5060), priority, 1);
  }

  private ProxyTransactions transactions(TransactionSettings settings) {
    return new ProxyTransactions(settings, upstreams, SizeRule.DEFAULT, flows, core, counters);
  }

  private static String request(String method, String via, String branch) {
    return method
        + " sip:bob@example.com SIP/2.0\nVia: "
        + via
        + ";branch="
        + branch
        + REST
        + "\nVia: SIP/2.0/WSS a.invalid;branch=z9hG4bK1\nMax-Forwards: 69\n"
        + "Route: <sip:next.example.com;lr>\nRoute: <sip:last.example.com;lr>\n"
        + "To: <sip:bob@example.com>\nFrom: <sip:alice@example.com>;tag=1\nCall-ID: c\nCSeq: 7 "
        + method
        + "\nContent-Length: 0\n\n";
  }

  private static String request(String method) {
    return request(method, "SIP/2.0/UDP 10.0.0.7:5060", BRANCH);
  }

  private static String invite() {
    return request("INVITE").replace("Length: 0", "Length: " + SDP.length()) + SDP;
  }

  private void says(String request, String group) {
    final UnsafeBuffer buffer = Text.direct(crlf(request));
    transactions.onRequest(ALICE, a, group, buffer, 0, buffer.capacity(), nowNs);
    buffer.setMemory(0, buffer.capacity(), (byte) 'x');
  }

  private void says(String request) {
    says(request, "core");
  }

  private boolean answers(int status, String method, String branch) {
    final UnsafeBuffer buffer =
        Text.direct(
            crlf(
                "SIP/2.0 "
                    + status
                    + " x\nVia: SIP/2.0/UDP 10.0.0.7:5060;branch="
                    + branch
                    + REST
                    + "\nVia: SIP/2.0/WSS a.invalid;branch=z9hG4bK1\n"
                    + "To: <sip:bob@example.com>;tag=far\nFrom: <sip:alice@example.com>;tag=1\n"
                    + "Call-ID: c\nCSeq: 7 "
                    + method
                    + "\n\n"));
    assertThat(response.parse(buffer, 0, buffer.capacity())).isEqualTo(SipDefect.NONE);
    return transactions.onResponse(response, nowNs);
  }

  private boolean answers(int status, String method) {
    return answers(status, method, BRANCH);
  }

  /** Polls when it wants to be, for so long. */
  private void passes(long seconds) {
    final long until = nowNs + TimeUnit.SECONDS.toNanos(seconds);
    long next = transactions.poll(nowNs);
    while (next != ProxyTransactions.NO_DEADLINE && next - until <= 0) {
      nowNs = next;
      next = transactions.poll(nowNs);
    }
    nowNs = until;
  }

  private List<String> sentToCore() {
    final List<String> lines =
        core.sent.stream().map(text -> text.substring(0, text.indexOf(" sip:"))).toList();
    core.sent.clear();
    return lines;
  }

  private List<String> sentToClient() {
    final List<String> lines = flows.sent.stream().map(t -> t.lines().findFirst().get()).toList();
    flows.sent.clear();
    return lines;
  }

  // ---- what goes well ----

  @Test
  void inviteIsAnswered100AndSentAsItIs() {
    says(invite());
    assertThat(flows.sent)
        .containsExactly(
            """
            SIP/2.0 100 Trying
            Via: SIP/2.0/WSS a.invalid;branch=z9hG4bK1
            From: <sip:alice@example.com>;tag=1
            To: <sip:bob@example.com>
            Call-ID: c
            CSeq: 7 INVITE
            Content-Length: 0

            """);
    assertThat(core.sent).containsExactly("a " + invite());
  }

  @Test
  void otherRequestsAreNotAnswered100() {
    says(request("MESSAGE"));
    assertThat(sentToClient()).isEmpty();
    assertThat(core.sent).containsExactly("a " + request("MESSAGE"));
    assertThat(answers(100, "MESSAGE")).isFalse();
    assertThat(answers(200, "MESSAGE")).isTrue();
    assertThat(answers(200, "MESSAGE")).isFalse();
    passes(5);
    assertThat(transactions.active()).isZero();
    assertThat(transactions.usedBytes()).isZero();
    assertThat(sentToClient()).isEmpty();
  }

  @Test
  void provisionalsPassBut100DoesNot() {
    says(invite());
    assertThat(answers(100, "INVITE")).isFalse();
    assertThat(answers(183, "INVITE")).isTrue();
    assertThat(answers(180, "INVITE")).isTrue();
    assertThat(answers(200, "INVITE")).isTrue();
    assertThat(counters.get(SipCounter.ABSORBED_RESPONSES)).isEqualTo(1);
  }

  @Test
  void repeated2xxPassUntilTheTransactionIsOver() {
    says(invite());
    assertThat(answers(200, "INVITE")).isTrue();
    assertThat(transactions.usedBytes()).isLessThan(2048);
    passes(31);
    assertThat(answers(200, "INVITE")).isTrue();
    assertThat(answers(180, "INVITE")).isFalse();
    passes(1);
    assertThat(transactions.active()).isZero();
    core.sent.clear();
    says(request("ACK", "SIP/2.0/UDP 10.0.0.7:5060", "z9hG4bKe1.othersotherother"));
    assertThat(sentToCore()).containsExactly("a ACK");
  }

  @Test
  void failureIsAcknowledgedHereAndThatOfTheClientEndsHere() {
    says(invite());
    core.sent.clear();
    assertThat(answers(486, "INVITE")).isTrue();
    assertThat(core.sent)
        .containsExactly(
            """
            a ACK sip:bob@example.com SIP/2.0
            Via: SIP/2.0/UDP 10.0.0.7:5060;branch=z9hG4bKe1.abcdefghijklmnop;eflow=token;eloop=12345678
            Max-Forwards: 69
            Route: <sip:next.example.com;lr>
            Route: <sip:last.example.com;lr>
            To: <sip:bob@example.com>;tag=far
            From: <sip:alice@example.com>;tag=1
            Call-ID: c
            CSeq: 7 ACK
            Content-Length: 0

            """);
    says(request("ACK"));
    assertThat(core.sent).hasSize(1);
    assertThat(counters.get(SipCounter.ABSORBED_ACKS)).isEqualTo(1);
    assertThat(answers(486, "INVITE")).isFalse();
    assertThat(sentToCore()).containsExactly("a ACK", "a ACK");
    passes(32);
    assertThat(transactions.active()).isZero();
  }

  @Test
  void ackOf2xxIsForwardedWhateverItsBranch() {
    says(invite());
    answers(200, "INVITE");
    says(request("ACK"));
    assertThat(sentToCore()).containsExactly("a INVITE", "a ACK");
  }

  @Test
  void aRequestThatComesAgainIsAbsorbed() {
    says(invite());
    says(invite());
    assertThat(sentToCore()).containsExactly("a INVITE");
    assertThat(transactions.active()).isEqualTo(1);
  }

  // ---- CANCEL ----

  @Test
  void cancelIsAnsweredAndSentOnOnceThereIsAProvisional() {
    says(invite());
    answers(100, "INVITE");
    sentToClient();
    sentToCore();
    says(request("CANCEL"));
    assertThat(flows.sent.get(0))
        .startsWith("SIP/2.0 200 OK\nVia: SIP/2.0/WSS a.invalid;branch=z9hG4bK1\nFrom")
        .contains("CSeq: 7 CANCEL\n")
        .containsPattern("To: <sip:bob@example.com>;tag=[0-9a-f]{16}\n");
    assertThat(core.sent)
        .containsExactly(
            "a " + request("CANCEL").replace("Via: SIP/2.0/WSS a.invalid;branch=z9hG4bK1\n", ""));
    assertThat(answers(200, "CANCEL")).isFalse();
    assertThat(answers(487, "INVITE")).isTrue();
    assertThat(sentToCore()).containsExactly("a CANCEL", "a ACK");
    assertThat(sentToClient()).containsExactly("SIP/2.0 200 OK");
  }

  @Test
  void cancelWaitsForTheFirstProvisional() {
    says(invite());
    says(request("CANCEL"));
    says(request("CANCEL"));
    assertThat(sentToCore()).containsExactly("a INVITE");
    assertThat(answers(180, "INVITE")).isTrue();
    assertThat(answers(183, "INVITE")).isTrue();
    assertThat(sentToCore()).containsExactly("a CANCEL");
    assertThat(sentToClient())
        .containsExactly("SIP/2.0 100 Trying", "SIP/2.0 200 OK", "SIP/2.0 200 OK");
  }

  @Test
  void cancelledInviteThatStaysSilentEnds487AndGoesNowhereElse() {
    says(invite());
    says(request("CANCEL"));
    sentToClient();
    passes(31);
    assertThat(sentToClient()).isEmpty();
    passes(1);
    assertThat(sentToClient()).containsExactly("SIP/2.0 487 Request Terminated");
    assertThat(sentToCore()).containsExactly("a INVITE");
  }

  @Test
  void cancelThatIsNotObeyedEnds487() {
    says(invite());
    answers(180, "INVITE");
    passes(100);
    says(request("CANCEL"));
    sentToClient();
    passes(31);
    answers(180, "INVITE");
    assertThat(sentToClient()).isEmpty();
    passes(1);
    assertThat(sentToClient()).containsExactly("SIP/2.0 487 Request Terminated");
  }

  @Test
  void cancelAfterTheAnswerIsOnlyAnswered() {
    says(invite());
    answers(200, "INVITE");
    says(request("CANCEL"));
    assertThat(sentToCore()).containsExactly("a INVITE");
    assertThat(sentToClient()).containsExactly("SIP/2.0 100 Trying", "SIP/2.0 200 OK");
  }

  @Test
  void cancelOfNothingIsForwardedWithoutState() {
    says(request("CANCEL"));
    assertThat(core.sent).containsExactly("a " + request("CANCEL"));
    assertThat(answers(200, "CANCEL")).isTrue();
    assertThat(sentToClient()).isEmpty();
    assertThat(transactions.active()).isZero();
  }

  // ---- time ----

  @Test
  void timerCIsResetByWhatIsNo100() {
    says(invite());
    answers(100, "INVITE");
    passes(184);
    answers(101, "INVITE");
    passes(184);
    assertThat(sentToCore()).containsExactly("a INVITE");
    answers(100, "INVITE");
    passes(1);
    assertThat(sentToCore()).containsExactly("a CANCEL");
    sentToClient();
    passes(31);
    assertThat(sentToClient()).isEmpty();
    passes(1);
    assertThat(sentToClient()).containsExactly("SIP/2.0 408 Request Timeout");
  }

  @Test
  void silenceIsAnswered408AfterAllTargets() {
    says(invite());
    assertThat(sentToClient()).containsExactly("SIP/2.0 100 Trying");
    passes(9);
    assertThat(sentToCore()).containsExactly("a INVITE");
    passes(1);
    assertThat(sentToCore()).containsExactly("b INVITE");
    passes(10);
    assertThat(sentToCore()).containsExactly("c INVITE");
    passes(31);
    assertThat(sentToClient()).isEmpty();
    passes(1);
    assertThat(flows.sent.get(0))
        .startsWith("SIP/2.0 408 Request Timeout\nVia: SIP/2.0/WSS a.invalid;branch=z9hG4bK1\n")
        .contains("\nCSeq: 7 INVITE\n");
    says(request("ACK"));
    passes(32);
    assertThat(sentToCore()).isEmpty();
    assertThat(transactions.active()).isZero();
    assertThat(transactions.usedBytes()).isZero();
  }

  @Test
  void silenceToOthersThanInviteIsNotAnsweredAndEndsWithTheClients() {
    says(request("REGISTER"));
    passes(32);
    assertThat(sentToCore()).containsExactly("a REGISTER", "b REGISTER", "c REGISTER");
    assertThat(sentToClient()).isEmpty();
    assertThat(transactions.active()).isZero();
    assertThat(counters.get(SipCounter.UNANSWERED_TRANSACTIONS)).isEqualTo(1);
  }

  @Test
  void whoHasSpokenIsWaitedFor() {
    says(request("REGISTER"));
    answers(100, "REGISTER");
    passes(31);
    assertThat(sentToCore()).containsExactly("a REGISTER");
    assertThat(answers(200, "REGISTER")).isTrue();
  }

  @Test
  void whereOnlyOneIsLeftItHasAllTheTime() {
    b.health(Target.Health.DOWN);
    c.health(Target.Health.DOWN);
    says(invite());
    passes(31);
    assertThat(sentToCore()).containsExactly("a INVITE");
    assertThat(sentToClient()).containsExactly("SIP/2.0 100 Trying");
    passes(1);
    assertThat(sentToClient()).containsExactly("SIP/2.0 408 Request Timeout");
  }

  @Test
  void whenTheOtherGoesMeanwhileTheOneGetsItsTime() {
    says(invite());
    b.health(Target.Health.DOWN);
    c.health(Target.Health.DOWN);
    passes(31);
    assertThat(sentToCore()).containsExactly("a INVITE");
    assertThat(sentToClient()).containsExactly("SIP/2.0 100 Trying");
    passes(1);
    assertThat(sentToClient()).containsExactly("SIP/2.0 408 Request Timeout");
  }

  // ---- failover ----

  @Test
  void theNextTargetGetsTheSameWithItsViaAndAnotherBranch() {
    core.dead.add(a);
    says(invite());
    assertThat(core.sent)
        .containsExactly(
            "b "
                + invite()
                    .replace(
                        "Via: SIP/2.0/UDP 10.0.0.7:5060;branch=" + BRANCH,
                        "Via: SIP/2.0/TCP 10.0.0.7:5062;branch=" + BRANCH + ".1"));
    assertThat(counters.get(SipCounter.FAILOVERS)).isEqualTo(1);
    assertThat(answers(180, "INVITE", BRANCH + ".1")).isTrue();
    says(request("CANCEL"));
    assertThat(core.sent.get(1))
        .startsWith("b CANCEL ")
        .contains("\nVia: SIP/2.0/TCP 10.0.0.7:5062;branch=" + BRANCH + ".1" + REST + "\nMax");
    assertThat(answers(487, "INVITE", BRANCH + ".1")).isTrue();
    assertThat(core.sent.get(2))
        .startsWith("b ACK ")
        .contains("\nVia: SIP/2.0/TCP 10.0.0.7:5062;branch=" + BRANCH + ".1" + REST + "\nMax");
  }

  @Test
  void whenNoneCanBeReachedItIs503() {
    core.dead.addAll(List.of(a, b, c));
    says(request("MESSAGE"));
    assertThat(sentToClient()).containsExactly("SIP/2.0 503 Service Unavailable");
    assertThat(sentToCore()).isEmpty();
    passes(5);
    assertThat(transactions.active()).isZero();
  }

  @Test
  void aNextHopThatTheClientNamedHasNoOther() {
    core.dead.add(a);
    says(invite(), null);
    assertThat(sentToClient())
        .containsExactly("SIP/2.0 100 Trying", "SIP/2.0 503 Service Unavailable");
    assertThat(sentToCore()).isEmpty();
  }

  @Test
  void noMoreTargetsThanAllowed() {
    transactions =
        transactions(
            new TransactionSettings(
                SipTimers.DEFAULT,
                TimeUnit.SECONDS.toNanos(185),
                TimeUnit.SECONDS.toNanos(10),
                2,
                10,
                1 << 20));
    core.dead.addAll(List.of(a, b));
    says(invite());
    assertThat(sentToCore()).isEmpty();
    assertThat(sentToClient())
        .containsExactly("SIP/2.0 100 Trying", "SIP/2.0 503 Service Unavailable");
  }

  @ParameterizedTest
  @ValueSource(strings = {"INVITE", "REGISTER"})
  void whoSays503IsLeftForAnother(String method) {
    final boolean invite = "INVITE".equals(method);
    says(request(method));
    assertThat(answers(503, method)).isFalse();
    assertThat(answers(503, method, BRANCH + ".1")).isFalse();
    assertThat(answers(503, method, BRANCH + ".2")).isTrue();
    assertThat(sentToCore())
        .containsExactlyElementsOf(
            invite
                ? List.of("a INVITE", "a ACK", "b INVITE", "b ACK", "c INVITE", "c ACK")
                : List.of("a REGISTER", "b REGISTER", "c REGISTER"));
  }

  @Test
  void whatWaitedForAConnectionInVainGoesElsewhere() {
    says(invite());
    final UnsafeBuffer unsent = Text.direct(crlf(invite()));
    transactions.onUnsent(unsent, 0, unsent.capacity(), nowNs);
    assertThat(sentToCore()).containsExactly("a INVITE", "b INVITE");
    transactions.onUnsent(unsent, 0, unsent.capacity(), nowNs); // not the current one
    assertThat(sentToCore()).isEmpty();
  }

  @Test
  void anAbandonedTargetThatRingsAfterAllIsCancelled() {
    says(invite());
    passes(10);
    sentToCore();
    assertThat(answers(180, "INVITE")).isFalse();
    assertThat(answers(180, "INVITE")).isFalse();
    assertThat(sentToCore()).containsExactly("a CANCEL");
    assertThat(answers(487, "INVITE")).isFalse();
    assertThat(sentToCore()).containsExactly("a ACK");
    assertThat(answers(200, "INVITE", BRANCH + ".1")).isTrue();
  }

  @Test
  void theFirst2xxWinsAndTheOtherIsCancelled() {
    says(invite());
    passes(10);
    sentToCore();
    assertThat(answers(180, "INVITE", BRANCH + ".1")).isTrue();
    assertThat(answers(200, "INVITE")).isTrue();
    assertThat(sentToCore()).containsExactly("b CANCEL");
    assertThat(answers(180, "INVITE", BRANCH + ".1")).isFalse();
    assertThat(answers(487, "INVITE", BRANCH + ".1")).isFalse();
    assertThat(sentToCore()).containsExactly("b ACK");
  }

  @Test
  void theFirst2xxWinsAndTheOtherIsCancelledWhenItRings() {
    says(invite());
    passes(10);
    sentToCore();
    assertThat(answers(200, "INVITE")).isTrue();
    assertThat(sentToCore()).isEmpty();
    assertThat(answers(180, "INVITE", BRANCH + ".1")).isFalse();
    assertThat(sentToCore()).containsExactly("b CANCEL");
    assertThat(answers(180, "INVITE")).isFalse();
    assertThat(sentToCore()).isEmpty();
  }

  @Test
  void anAnswerOfAnAbandonedTargetIsGoodForOthers() {
    says(request("MESSAGE"));
    passes(10);
    assertThat(answers(100, "MESSAGE")).isFalse();
    assertThat(answers(200, "MESSAGE")).isTrue();
    assertThat(answers(200, "MESSAGE", BRANCH + ".1")).isFalse();
  }

  @Test
  void whatIsTooLongGoesByTheTwinAndWhenThatFailsByUdp() {
    final Target twin = target("twin", TCP, 1);
    final Target udp =
        new Target("udp", UDP, new InetSocketAddress("10.0.0.9", 5060), 1, 1, twin, Set.of());
    upstreams.update(Map.of("core", List.of(udp)));
    core.dead.add(a);
    says(invite());
    assertThat(sentToCore()).containsExactly("twin INVITE");
    final UnsafeBuffer unsent = Text.direct(crlf(invite().replace(BRANCH, BRANCH + ".1")));
    transactions.onUnsent(unsent, 0, unsent.capacity(), nowNs);
    assertThat(core.sent.get(0))
        .startsWith("udp INVITE")
        .contains("Via: SIP/2.0/UDP 10.0.0.7:5060;branch=" + BRANCH + ".2;");
  }

  // ---- bounds ----

  @Test
  void whatFindsNoRoomIsForwardedWithoutState() {
    transactions =
        transactions(
            new TransactionSettings(
                SipTimers.DEFAULT,
                TimeUnit.SECONDS.toNanos(185),
                TimeUnit.SECONDS.toNanos(10),
                3,
                1,
                1 << 20));
    says(request("MESSAGE"));
    final String other = "z9hG4bKe1.othersotherother";
    final String second = request("INVITE", "SIP/2.0/UDP 10.0.0.7:5060", other);
    says(second);
    assertThat(core.sent).containsExactly("a " + request("MESSAGE"), "a " + second);
    assertThat(sentToClient()).isEmpty();
    assertThat(counters.get(SipCounter.UNTRACKED_TRANSACTIONS)).isEqualTo(1);
    assertThat(answers(180, "INVITE", other)).isTrue();
    assertThat(answers(100, "INVITE", other)).isTrue();
    assertThat(answers(486, "INVITE", other)).isTrue();
    says(second.replace("INVITE", "ACK"));
    assertThat(sentToCore()).containsExactly("a MESSAGE", "a INVITE", "a ACK");
  }

  @Test
  void whatFindsNoRoomAndNoTargetIsAnswered503() {
    transactions =
        transactions(
            new TransactionSettings(
                SipTimers.DEFAULT,
                TimeUnit.SECONDS.toNanos(185),
                TimeUnit.SECONDS.toNanos(10),
                3,
                1,
                1024));
    core.dead.add(a);
    says(invite()); // longer than all memory
    assertThat(sentToClient()).containsExactly("SIP/2.0 503 Service Unavailable");
    says(request("ACK"));
    assertThat(sentToClient()).isEmpty();
  }

  @Test
  void branchesThatAreNotAsOursEndHere() {
    says(invite());
    for (final String suffix : List.of(".1", ".x", "-0", ".10", "x")) {
      assertThat(answers(200, "INVITE", BRANCH + suffix)).as(suffix).isFalse();
    }
    assertThat(answers(200, "INVITE", "z9hG4bKshort")).isTrue();
    assertThat(answers(200, "INVITE")).isTrue();
  }
}
