package org.millrace.engine.sip;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.millrace.engine.sip.EdgeMessages.ACK;
import static org.millrace.engine.sip.EdgeMessages.INVITE;
import static org.millrace.engine.sip.EdgeMessages.REGISTER;
import static org.millrace.engine.sip.EdgeMessages.RR_CORE;
import static org.millrace.engine.sip.EdgeMessages.before;
import static org.millrace.engine.sip.EdgeMessages.replaced;
import static org.millrace.engine.sip.EdgeMessages.sameTransaction;
import static org.millrace.engine.sip.SipClient.startLine;
import static org.millrace.engine.sip.SipClient.values;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.connection.ConfigurationException;
import org.millrace.engine.connection.SendResult;

/** C-61 and C-62 through the proxy: a client whose path has transactions, and two targets. */
@SuppressWarnings("StringConcatToTextBlock") // lines are put together
class EdgeTransactionTest {
  private static final String URI = "sip:bob@example.com SIP/2.0";
  private static final int QUEUE = 64 * 1024;
  private static final TransactionSettings ONE_ONLY =
      new TransactionSettings(
          SipTimers.DEFAULT,
          TransactionSettings.DEFAULT.timerCNs(),
          TransactionSettings.DEFAULT.failoverNs(),
          3,
          1,
          1 << 20);

  private final Target one = target("one", EdgeRig.UDP_SOCKET, "10.0.0.9", 0, null);
  private final Target two = target("two", EdgeRig.TCP_SOCKET, "10.0.0.10", 1, null);
  private int woken;
  private EdgeRig rig = rig(TransactionSettings.DEFAULT);
  private EdgeRig.Client alice = rig.client(EdgeRig.ALICE, policy(Mode.TRANSACTION));

  /** Short names for {@link EdgePolicy.Transactions}. */
  private static final class Mode {
    static final EdgePolicy.Transactions AUTO = EdgePolicy.Transactions.AUTO;
    static final EdgePolicy.Transactions TRANSACTION = EdgePolicy.Transactions.TRANSACTION;
    static final EdgePolicy.Transactions STATELESS = EdgePolicy.Transactions.STATELESS;
  }

  private static Target target(
      String name, CoreSocket socket, String address, int priority, Target twin) {
    return new Target(
        name, socket, new InetSocketAddress(address, 5060), priority, 1, twin, Set.of());
  }

  private EdgeRig rig(TransactionSettings settings) {
    final EdgeRig made =
        new EdgeRig(new EdgeProxyContext().transactions(settings, QUEUE, () -> woken++));
    made.targets(one, two);
    return made;
  }

  private static EdgePolicy policy(EdgePolicy.Transactions transactions) {
    return new EdgePolicy(
        EdgePolicy.Mode.OUTBOUND,
        "core",
        true,
        false,
        false,
        false,
        false,
        0,
        false,
        true,
        transactions);
  }

  /** Takes a turn of the thread that keeps transactions. */
  private void works() {
    while (rig.proxy().transactionAgent().doWork() > 0) {
      // until nothing is left
    }
  }

  private void says(String request) {
    alice.says(request);
    works();
  }

  private void passes(Duration time) {
    rig.clock().advance(time);
    works();
  }

  private static String answer(String request, String status) {
    final StringBuilder answer = new StringBuilder("SIP/2.0 " + status + "\n");
    for (final String name : List.of("Via", "Record-Route", "From", "Call-ID", "CSeq")) {
      values(request, name).forEach(it -> answer.append(name + ": " + it + "\n"));
    }
    return answer + "To: " + values(request, "To").get(0) + ";tag=b0b\nContent-Length: 0\n\n";
  }

  /** The core answers a request, by UDP or by TCP as its Via says. */
  private void answers(String request, String status) {
    if (values(request, "Via").get(0).startsWith("SIP/2.0/UDP")) {
      rig.coreSends("10.0.0.9", 5060, answer(request, status));
    } else {
      rig.coreSays(answer(request, status));
    }
    works();
  }

  private static String branch(String message) {
    return values(message, "Via").get(0).replaceAll(".*;branch=([^;]*).*", "$1");
  }

  /** What follows the branch in our Via. */
  private static String marks(String message) {
    return values(message, "Via").get(0).replaceAll(".*;branch=[^;]*", "");
  }

  private String coreHears(Target by) {
    final EdgeRig.ToCore sent = rig.coreGets();
    assertThat(sent.target()).isSameAs(by);
    return sent.text();
  }

  private List<String> aliceHears() {
    return alice.hearsAll().stream().map(SipClient::startLine).toList();
  }

  /** An INVITE that has got to the first target. */
  private String calls() {
    says(INVITE);
    assertThat(aliceHears()).containsExactly("SIP/2.0 100 Trying");
    return coreHears(one);
  }

  private void unsent(Target target, String message) {
    final byte[] bytes = message.getBytes(ISO_8859_1);
    rig.proxy().newUndelivered().onUnsent(target, new UnsafeBuffer(bytes), 0, bytes.length);
    works();
  }

  // ---- C-61 ----

  @Test
  void c61AnInviteIsAnswered100AndLeavesAsItDoesWithoutState() {
    alice.says(INVITE);
    rig.coreHearsNothing(); // it has only been handed over
    assertThat(woken).isEqualTo(1);
    works();
    final String trying = alice.hears();
    assertThat(startLine(trying)).isEqualTo("SIP/2.0 100 Trying");
    assertThat(values(trying, "Via"))
        .containsExactly("SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK4711002");
    final EdgeRig.ToCore sent = rig.coreGets();
    assertThat(sent.retransmit()).isTrue();
    assertThat(rig.counter(SipCounter.FORWARDED_REQUESTS)).isEqualTo(1);
    assertThat(rig.proxy().transactionAgent().transactions()).isEqualTo(1);

    final EdgeRig stateless = new EdgeRig();
    stateless.targets(one, two);
    stateless.alice().says(INVITE);
    assertThat(sent.text()).isEqualTo(stateless.coreHears());
  }

  @Test
  void c61AnswersPassBut100DoesNot() {
    final String invite = calls();
    answers(invite, "100 Trying");
    rig.nobodyHearsAnything();
    answers(invite, "180 Ringing");
    answers(invite, "200 OK");
    final List<String> heard = alice.hearsAll();
    assertThat(heard.stream().map(SipClient::startLine))
        .containsExactly("SIP/2.0 180 Ringing", "SIP/2.0 200 OK");
    assertThat(values(heard.get(1), "Via"))
        .containsExactly("SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK4711002");
    says(ACK);
    assertThat(rig.coreGets().retransmit()).as("for the ACK").isFalse();
    assertThat(rig.counter(SipCounter.ABSORBED_RESPONSES)).isEqualTo(1);
  }

  @Test
  void c61CancelIsAnsweredAtOnceAndSentOnAfterTheFirstProvisional() {
    final String invite = calls();
    says(sameTransaction(INVITE, "CANCEL", ""));
    final String ok = alice.hears();
    assertThat(startLine(ok)).isEqualTo("SIP/2.0 200 OK");
    assertThat(values(ok, "CSeq")).containsExactly("1 CANCEL");
    rig.coreHearsNothing();
    answers(invite, "180 Ringing");
    assertThat(aliceHears()).containsExactly("SIP/2.0 180 Ringing");
    final String cancel = coreHears(one);
    assertThat(startLine(cancel)).isEqualTo("CANCEL sip:bob@example.com SIP/2.0");
    assertThat(values(cancel, "Via")).containsExactly(values(invite, "Via").get(0));
    answers(cancel, "200 OK");
    rig.nobodyHearsAnything();
    answers(invite, "487 Request Terminated");
    assertThat(aliceHears()).containsExactly("SIP/2.0 487 Request Terminated");
    assertThat(startLine(coreHears(one))).startsWith("ACK ");
  }

  @Test
  void c61AFailureIsAcknowledgedHereAndTheClientsAckEndsHere() {
    final String invite = calls();
    answers(invite, "486 Busy Here");
    final String ack = coreHears(one);
    assertThat(startLine(ack)).isEqualTo("ACK sip:bob@example.com SIP/2.0");
    assertThat(values(ack, "Via")).containsExactly(values(invite, "Via").get(0));
    assertThat(values(ack, "To")).containsExactly("<sip:bob@example.com>;tag=b0b");
    assertThat(aliceHears()).containsExactly("SIP/2.0 486 Busy Here");
    says(sameTransaction(INVITE, "ACK", ";tag=b0b"));
    rig.nobodyHearsAnything();
    assertThat(rig.counter(SipCounter.ABSORBED_ACKS)).isEqualTo(1);
    answers(invite, "486 Busy Here");
    assertThat(startLine(coreHears(one))).startsWith("ACK ");
    rig.nobodyHearsAnything();
  }

  @Test
  void c61TimerCEndsWhatRingsForEver() {
    final String invite = calls();
    answers(invite, "180 Ringing");
    alice.hearsAll();
    passes(Duration.ofSeconds(184));
    answers(invite, "183 Session Progress");
    alice.hearsAll();
    passes(Duration.ofSeconds(184));
    rig.nobodyHearsAnything();
    passes(Duration.ofSeconds(1));
    assertThat(startLine(coreHears(one))).startsWith("CANCEL ");
    passes(Duration.ofSeconds(31));
    rig.nobodyHearsAnything();
    passes(Duration.ofSeconds(1));
    assertThat(aliceHears()).containsExactly("SIP/2.0 408 Request Timeout");
  }

  @Test
  void c61AnAnswerToAClientThatHasGoneIsAcknowledgedAllTheSame() {
    final String invite = calls();
    alice.leaves();
    answers(invite, "486 Busy Here");
    assertThat(startLine(coreHears(one))).startsWith("ACK ");
    rig.nobodyHearsAnything();
    assertThat(rig.counter(SipCounter.LATE_RESPONSES)).isEqualTo(1);
  }

  // ---- C-62 ----

  private void isTheSameForTheOther(String first, String second) {
    assertThat(branch(second)).isEqualTo(branch(first) + ".1");
    assertThat(marks(second)).isEqualTo(marks(first)).contains(";eflow=" + EdgeRig.ALICE_TOKEN);
    assertThat(second)
        .isEqualTo(
            replaced(
                    first,
                    "Via: SIP/2.0/UDP 10.0.0.7:5060;branch=" + branch(first),
                    "Via: SIP/2.0/TCP 10.0.0.7:5060;branch=" + branch(second))
                .replace(RR_CORE.replace("=tcp", "=udp"), RR_CORE));
  }

  @Test
  void c62SilenceLeadsToTheNextTargetWithABranchOfItsOwn() {
    final String first = calls();
    passes(Duration.ofSeconds(9));
    rig.nobodyHearsAnything();
    passes(Duration.ofSeconds(1));
    final String second = coreHears(two);
    isTheSameForTheOther(first, second);
    assertThat(rig.counter(SipCounter.FAILOVERS)).isEqualTo(1);
    assertThat(aliceHears()).isEmpty();

    rig.core().saysExactly(second.getBytes(ISO_8859_1)); // it comes back
    assertThat(startLine(rig.coreHears())).isEqualTo("SIP/2.0 482 Loop Detected");
    answers(second, "180 Ringing");
    assertThat(aliceHears()).containsExactly("SIP/2.0 180 Ringing");
    says(sameTransaction(INVITE, "CANCEL", ""));
    final String cancel = coreHears(two);
    assertThat(values(cancel, "Via")).containsExactly(values(second, "Via").get(0));
    answers(second, "487 Request Terminated");
    assertThat(values(coreHears(two), "Via")).containsExactly(values(second, "Via").get(0));
    assertThat(aliceHears()).containsExactly("SIP/2.0 200 OK", "SIP/2.0 487 Request Terminated");
  }

  @Test
  void c62AnAnswerWithAnotherBranchThanItsOwnIsDropped() {
    final String first = calls();
    passes(Duration.ofSeconds(10));
    final String second = coreHears(two);
    answers(second.replace("Call-ID: call-0001", "Call-ID: call-0002"), "180 Ringing");
    assertThat(rig.counter(SipCounter.FOREIGN_RESPONSES)).isEqualTo(1);
    answers(second.replace(branch(second), branch(first) + ".2"), "180 Ringing");
    rig.nobodyHearsAnything();
  }

  @ParameterizedTest
  @ValueSource(strings = {"INVITE", "REGISTER"})
  void c62A503LeadsToTheNextTargetAndTheLastOneIsTold(String method) {
    says("INVITE".equals(method) ? INVITE : REGISTER);
    alice.hearsAll();
    final String first = coreHears(one);
    answers(first, "503 Service Unavailable");
    final List<EdgeRig.ToCore> sent = rig.coreGetsAll();
    final String second = sent.get(sent.size() - 1).text();
    assertThat(sent.stream().map(it -> it.target().name() + " " + startLine(it.text())))
        .containsExactlyElementsOf(
            "INVITE".equals(method)
                ? List.of("one ACK " + URI, "two INVITE " + URI)
                : List.of("two REGISTER sip:example.com SIP/2.0"));
    assertThat(branch(second)).isEqualTo(branch(first) + ".1");
    assertThat(aliceHears()).isEmpty();
    answers(second, "503 Service Unavailable");
    assertThat(aliceHears()).containsExactly("SIP/2.0 503 Service Unavailable");
  }

  @Test
  void c62ARegistrationTakesThePathOfTheOtherSocketAlong() {
    says(REGISTER);
    assertThat(values(coreHears(one), "Path").get(0)).contains(":5060;transport=udp;lr;ob>");
    passes(Duration.ofSeconds(10));
    assertThat(values(coreHears(two), "Path").get(0)).contains(":5060;transport=tcp;lr;ob>");
  }

  @Test
  void c62WhatCannotBeSentGoesToTheNextTarget() {
    rig.result(one, SendResult.NOT_OPEN);
    says(INVITE);
    assertThat(aliceHears()).containsExactly("SIP/2.0 100 Trying");
    final String second = coreHears(two);
    assertThat(branch(second)).endsWith(".1");
    unsent(two, second);
    assertThat(aliceHears()).containsExactly("SIP/2.0 503 Service Unavailable");
    says(sameTransaction(INVITE, "ACK", ";tag=x"));
    rig.nobodyHearsAnything();
  }

  @Test
  void c62WhatHasWaitedForAConnectionInVainGoesToTheNextTarget() {
    final Target other = target("other", EdgeRig.TCP_SOCKET, "10.0.0.11", 2, null);
    rig.targets(two, other);
    says(INVITE);
    unsent(two, coreHears(two));
    assertThat(branch(coreHears(other))).endsWith(".1");
    assertThat(aliceHears()).containsExactly("SIP/2.0 100 Trying");
  }

  @Test
  void c62SilenceOfAllIs408() {
    calls();
    passes(Duration.ofSeconds(10));
    coreHears(two);
    passes(Duration.ofSeconds(31));
    rig.nobodyHearsAnything();
    passes(Duration.ofSeconds(1));
    assertThat(aliceHears()).containsExactly("SIP/2.0 408 Request Timeout");
    passes(Duration.ofSeconds(32));
    assertThat(rig.proxy().transactionAgent().transactions()).isZero();
  }

  @Test
  void c62WhatFindsNoRoomIsCountedAndForwardedWithoutState() {
    rig = rig(ONE_ONLY);
    alice = rig.client(EdgeRig.ALICE, policy(Mode.TRANSACTION));
    calls();
    final String other = INVITE.replace("call-0001", "call-0009");
    says(other);
    final String second = coreHears(one);
    rig.nobodyHearsAnything(); // no 100
    assertThat(rig.counter(SipCounter.UNTRACKED_TRANSACTIONS)).isEqualTo(1);
    answers(second, "486 Busy Here");
    assertThat(aliceHears()).containsExactly("SIP/2.0 486 Busy Here");
    says(sameTransaction(other, "ACK", ";tag=b0b"));
    assertThat(values(coreHears(one), "Via").get(0)).isEqualTo(values(second, "Via").get(0));
    unsent(one, second);
    assertThat(aliceHears()).containsExactly("SIP/2.0 503 Service Unavailable");
  }

  @Test
  void c62RequestsThatFindTheQueueFullAreRefused() {
    for (int i = 0; rig.counter(SipCounter.OVERLOADS) == 0; i++) {
      alice.says(INVITE.replace("call-0001", "call-" + i));
    }
    final String refused = alice.hears();
    assertThat(startLine(refused)).isEqualTo("SIP/2.0 503 Service Unavailable");
    assertThat(values(refused, "Retry-After")).containsExactly("2");
    alice.says(before(INVITE, "To", "Subject: " + "x".repeat(QUEUE / 8) + "\n"));
    assertThat(startLine(alice.hears())).isEqualTo("SIP/2.0 513 Message Too Large");
  }

  @Test
  void answersThatFindTheQueueFullGoOnWithoutTheirTransaction() {
    final String invite = calls();
    for (int i = 0; rig.counter(SipCounter.OVERLOADS) == 0; i++) {
      alice.says(INVITE.replace("call-0001", "call-" + i));
    }
    alice.hearsAll();
    final String ringing = answer(invite, "180 Ringing");
    while (rig.counter(SipCounter.UNTRACKED_RESPONSES) == 0) { // smaller than a request
      rig.coreSends("10.0.0.9", 5060, ringing);
    }
    assertThat(aliceHears()).containsExactly("SIP/2.0 180 Ringing");
  }

  // ---- C-65 ----

  private static String large(String request) {
    return before(request, "From", "Subject: " + "x".repeat(2000) + "\n");
  }

  @Test
  void up06WhatWaitedForTheTwinInVainGoesToTheSameServerOverUdp() {
    final Target twin = target("twin", EdgeRig.TCP_SOCKET, "10.0.0.9", 0, null);
    final Target udp = target("udp", EdgeRig.UDP_SOCKET, "10.0.0.9", 0, twin);
    rig.targets(udp, two);
    final String reInvite =
        large(
            replaced(
                before(INVITE, "To", "Route: <sip:10.0.0.9:5060;lr>\n"),
                "To: <sip:bob@example.com>",
                "To: <sip:bob@example.com>;tag=b0b"));
    for (final String request : List.of(large(INVITE).replace("call-0001", "c"), reInvite)) {
      says(request);
      final String overTcp = coreHears(twin);
      unsent(twin, overTcp);
      final String overUdp = coreHears(udp);
      assertThat(values(overUdp, "Via").get(0)).startsWith("SIP/2.0/UDP 10.0.0.7:5060;");
      assertThat(aliceHears()).containsExactly("SIP/2.0 100 Trying");
      answers(overUdp, "200 OK");
      assertThat(aliceHears()).containsExactly("SIP/2.0 200 OK");
    }
    says(large(ACK)); // of the 2xx: no transaction knows of it
    final String ack = coreHears(twin);
    unsent(twin, ack);
    final EdgeRig.ToCore overUdp = rig.coreGets();
    assertThat(overUdp.target()).isSameAs(udp);
    assertThat(overUdp.retransmit()).isFalse();
    assertThat(overUdp.text()).isEqualTo(replaced(ack, "Via: SIP/2.0/TCP ", "Via: SIP/2.0/UDP "));
  }

  @Test
  void aServerThatSays503OverTheTwinIsNotAskedAgainOverUdp() {
    final Target twin = target("twin", EdgeRig.TCP_SOCKET, "10.0.0.9", 0, null);
    rig.targets(target("udp", EdgeRig.UDP_SOCKET, "10.0.0.9", 0, twin), two);
    says(large(REGISTER));
    answers(coreHears(twin), "503 Service Unavailable");
    coreHears(two);
  }

  // ---- policies ----

  @Test
  void aPathWithoutTransactionsHasNone() {
    final EdgeRig.Client carol = rig.client(EdgeRig.CAROL, policy(Mode.AUTO));
    carol.says(INVITE);
    final EdgeRig.ToCore sent = rig.coreGets();
    assertThat(sent.retransmit()).isTrue();
    rig.coreSends("10.0.0.9", 5060, answer(sent.text(), "100 Trying"));
    assertThat(startLine(carol.hears())).isEqualTo("SIP/2.0 100 Trying");
    carol.says(sameTransaction(INVITE, "CANCEL", ""));
    assertThat(startLine(rig.coreHears())).startsWith("CANCEL ");
    assertThat(woken).isZero();
  }

  @Test
  void aPathThatIsStatelessDoesNotRepeatEither() {
    final EdgeRig.Client carol = rig.client(EdgeRig.CAROL, policy(Mode.STATELESS));
    carol.says(INVITE);
    assertThat(rig.coreGets().retransmit()).isFalse();
  }

  @Test
  void transactionsNeedBoundsInTheContext() {
    final EdgeRig without = new EdgeRig();
    assertThat(without.proxy().transactionAgent()).isNull();
    assertThatThrownBy(() -> without.client(EdgeRig.ALICE, policy(Mode.TRANSACTION)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("transactions");
    assertThatThrownBy(
            () ->
                new EdgeProxyContext().transactions(TransactionSettings.DEFAULT, 100_000, () -> {}))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("power of two");
  }

  @Test
  void whatIsHandedOverWakesTheThreadAndKeepsItAwake() {
    final TransactionAgent agent = rig.proxy().transactionAgent();
    agent.doWork();
    assertThat(agent.isIdle()).isTrue();
    assertThat(agent.nextNs()).isEqualTo(Long.MAX_VALUE);
    alice.says(INVITE);
    assertThat(agent.isIdle()).isFalse();
    agent.doWork();
    assertThat(agent.isIdle()).isTrue();
    assertThat(agent.nextNs() - rig.clock().nanoTime())
        .isEqualTo(TransactionSettings.DEFAULT.failoverNs());
    answers(coreHears(one), "180 Ringing");
    assertThat(woken).isEqualTo(2);
  }
}
