package org.millrace.engine.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.millrace.engine.sip.EdgeMessages.ACK;
import static org.millrace.engine.sip.EdgeMessages.INVITE;
import static org.millrace.engine.sip.EdgeMessages.sameTransaction;
import static org.millrace.engine.sip.SipClient.startLine;
import static org.millrace.engine.sip.SipClient.values;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.millrace.engine.connection.ConfigurationException;

/** C-61 through the proxy, and paths that have other policies beside. */
class EdgeTransactionTest extends StatefulPath {
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

  @Test
  void aPathWithoutTransactionsHasNone() {
    final EdgeRig.Client carol = rig.client(EdgeRig.CAROL, policy(EdgePolicy.Transactions.AUTO));
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
    final EdgeRig.Client carol =
        rig.client(EdgeRig.CAROL, policy(EdgePolicy.Transactions.STATELESS));
    carol.says(INVITE);
    assertThat(rig.coreGets().retransmit()).isFalse();
  }

  @Test
  void transactionsNeedBoundsInTheContext() {
    final EdgeRig without = new EdgeRig();
    assertThat(without.proxy().transactionAgent()).isNull();
    assertThatThrownBy(
            () -> without.client(EdgeRig.ALICE, policy(EdgePolicy.Transactions.TRANSACTION)))
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
