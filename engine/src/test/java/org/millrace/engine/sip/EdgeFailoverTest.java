package org.millrace.engine.sip;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.sip.EdgeMessages.ACK;
import static org.millrace.engine.sip.EdgeMessages.INVITE;
import static org.millrace.engine.sip.EdgeMessages.REGISTER;
import static org.millrace.engine.sip.EdgeMessages.RR_CORE;
import static org.millrace.engine.sip.EdgeMessages.before;
import static org.millrace.engine.sip.EdgeMessages.replaced;
import static org.millrace.engine.sip.EdgeMessages.sameTransaction;
import static org.millrace.engine.sip.SipClient.startLine;
import static org.millrace.engine.sip.SipClient.values;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.connection.SendResult;

/** C-62 through the proxy, and UP-06 where it is an attempt of its own. */
@SuppressWarnings("StringConcatToTextBlock") // lines are put together
class EdgeFailoverTest extends StatefulPath {
  private static final String URI = "sip:bob@example.com SIP/2.0";
  private static final TransactionSettings ONE_ONLY =
      new TransactionSettings(
          SipTimers.DEFAULT,
          TransactionSettings.DEFAULT.timerCNs(),
          TransactionSettings.DEFAULT.failoverNs(),
          3,
          1,
          1 << 20);

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
    restart(ONE_ONLY);
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

  private void fillsTheQueue() {
    for (int i = 0; i < QUEUE && rig.counter(SipCounter.OVERLOADS) == 0; i++) {
      alice.says(INVITE.replace("call-0001", "call-" + i));
    }
  }

  @Test
  void c62RequestsThatFindTheQueueFullAreRefused() {
    fillsTheQueue();
    final String refused = alice.hears();
    assertThat(startLine(refused)).isEqualTo("SIP/2.0 503 Service Unavailable");
    assertThat(values(refused, "Retry-After")).containsExactly("2");
    alice.says(before(INVITE, "To", "Subject: " + "x".repeat(QUEUE / 8) + "\n"));
    assertThat(startLine(alice.hears())).isEqualTo("SIP/2.0 513 Message Too Large");
  }

  @Test
  void answersThatFindTheQueueFullGoOnWithoutTheirTransaction() {
    final String invite = calls();
    fillsTheQueue();
    alice.hearsAll();
    final String ringing = answer(invite, "180 Ringing");
    for (int i = 0; i < QUEUE && rig.counter(SipCounter.UNTRACKED_RESPONSES) == 0; i++) {
      rig.coreSends("10.0.0.9", 5060, ringing); // smaller than a request
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
    for (final boolean waits : new boolean[] {true, false}) {
      rig.result(twin, waits ? SendResult.SENT : SendResult.NOT_OPEN);
      if (waits) {
        unsent(twin, ack);
      } else {
        says(large(ACK));
      }
      final EdgeRig.ToCore overUdp = rig.coreGets();
      assertThat(overUdp.target()).isSameAs(udp);
      assertThat(overUdp.retransmit()).isFalse();
      assertThat(overUdp.text()).isEqualTo(replaced(ack, "Via: SIP/2.0/TCP ", "Via: SIP/2.0/UDP "));
    }
  }

  @Test
  void aServerThatSays503OverTheTwinIsNotAskedAgainOverUdp() {
    final Target twin = target("twin", EdgeRig.TCP_SOCKET, "10.0.0.9", 0, null);
    rig.targets(target("udp", EdgeRig.UDP_SOCKET, "10.0.0.9", 0, twin), two);
    says(large(REGISTER));
    answers(coreHears(twin), "503 Service Unavailable");
    coreHears(two);
  }
}
