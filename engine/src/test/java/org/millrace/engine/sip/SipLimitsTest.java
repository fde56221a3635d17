package org.millrace.engine.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.sip.SipClient.startLine;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a flow may send: how many requests (C-1), and of what size (B-4). */
class SipLimitsTest {
  private static final String MAILTO = EdgeMessages.INVITE.replace("INVITE sip:", "INVITE mailto:");

  private static EdgeRig rig(int rate, int burst, int refused) {
    return new EdgeRig(
        new SipContext().maxRequestRate(rate).requestBurst(burst).maxRefusedRequests(refused));
  }

  private static void goes(EdgeRig rig, EdgeRig.Client client) {
    client.says(EdgeMessages.INVITE);
    assertThat(rig.coreHears()).startsWith("INVITE ");
  }

  private static void isRefused(EdgeRig rig, EdgeRig.Client client) {
    client.says(EdgeMessages.INVITE);
    assertThat(client.hears())
        .startsWith("SIP/2.0 503 Service Unavailable\r\n")
        .contains("\r\nRetry-After: 2\r\n");
    rig.coreHearsNothing();
  }

  @Test
  void aBurstGoesAndThenAsManyAsTheRateAllows() {
    final EdgeRig rig = rig(10, 3, 1000);
    final EdgeRig.Client alice = rig.alice();
    goes(rig, alice);
    goes(rig, alice);
    goes(rig, alice);
    isRefused(rig, alice);
    rig.clock().advance(Duration.ofMillis(99));
    isRefused(rig, alice);
    rig.clock().advance(Duration.ofMillis(1));
    goes(rig, alice);
    isRefused(rig, alice);
    assertThat(rig.counter(SipCounter.RATE_REFUSALS)).isEqualTo(3);
    rig.clock().advance(Duration.ofHours(1));
    goes(rig, alice);
    goes(rig, alice);
    goes(rig, alice);
    isRefused(rig, alice);
  }

  @Test
  void othersAreNotCharged() {
    final EdgeRig rig = rig(10, 1, 1000);
    final EdgeRig.Client alice = rig.alice();
    final EdgeRig.Client carol = rig.carol();
    goes(rig, alice);
    isRefused(rig, alice);
    goes(rig, carol);
  }

  @Test
  void acksAreDroppedAndWhatIsWrongAnywayIsToldSo() {
    final EdgeRig rig = rig(10, 1, 1000);
    final EdgeRig.Client alice = rig.alice();
    goes(rig, alice);
    alice.says(EdgeMessages.INVITE.replace("INVITE", "ACK"));
    rig.nobodyHearsAnything();
    assertThat(rig.counter(SipCounter.DROPPED_ACKS)).isEqualTo(1);
    alice.says(MAILTO);
    assertThat(startLine(alice.hears())).startsWith("SIP/2.0 416 ");
  }

  @Test
  void whoDoesNotMindIsClosed() {
    final EdgeRig rig = rig(10, 1, 2);
    final EdgeRig.Client alice = rig.alice();
    goes(rig, alice);
    isRefused(rig, alice);
    isRefused(rig, alice);
    alice.says(EdgeMessages.INVITE);
    rig.nobodyHearsAnything();
    assertThat(rig.closed()).containsExactly(EdgeRig.ALICE);
    assertThat(rig.counter(SipCounter.FLOOD_CLOSES)).isEqualTo(1);
  }

  @Test
  void whoPausesIsForgiven() {
    final EdgeRig rig = rig(10, 1, 2);
    final EdgeRig.Client alice = rig.alice();
    for (int i = 0; i < 10; i++) {
      goes(rig, alice);
      isRefused(rig, alice);
      isRefused(rig, alice);
      rig.clock().advance(Duration.ofMillis(100));
    }
    assertThat(rig.closed()).isEmpty();
  }

  @Test
  void messagesHaveNoMoreHeadersThanAllowed() {
    final EdgeRig rig = new EdgeRig(new SipContext().maxHeaders(16));
    final EdgeRig.Client alice = rig.alice();
    final int has = EdgeMessages.INVITE.split("\n\n", 2)[0].split("\n").length - 1;
    alice.says(EdgeMessages.INVITE.replace("Supported:", "X: y\n".repeat(16 - has) + "Supported:"));
    assertThat(rig.coreHears()).startsWith("INVITE ");
    alice.says(EdgeMessages.INVITE.replace("Supported:", "X: y\n".repeat(17 - has) + "Supported:"));
    assertThat(startLine(alice.hears())).startsWith("SIP/2.0 400 ");
  }

  @Test
  void headersAreNoLongerThanAllowed() {
    final EdgeRig rig = new EdgeRig(new SipContext().maxHeaderBytes(1024));
    final EdgeRig.Client alice = rig.alice();
    final int has =
        SipClient.crlf(EdgeMessages.INVITE).indexOf("\r\n\r\n") + 4 + "X: \r\n".length();
    final String fits = "X: " + "y".repeat(1024 - has) + "\nSupported:";
    alice.says(EdgeMessages.INVITE.replace("Supported:", fits));
    assertThat(rig.coreHears()).startsWith("INVITE ");
    alice.says(EdgeMessages.INVITE.replace("Supported:", "X: y" + fits.substring(3)));
    assertThat(startLine(alice.hears())).startsWith("SIP/2.0 400 ");
  }
}
