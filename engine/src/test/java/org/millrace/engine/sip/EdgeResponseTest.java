package org.millrace.engine.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.sip.EdgeMessages.BYE_OK;
import static org.millrace.engine.sip.EdgeMessages.BYE_VIA;
import static org.millrace.engine.sip.EdgeMessages.CORE_INVITE;
import static org.millrace.engine.sip.EdgeMessages.INVITE_VIA;
import static org.millrace.engine.sip.EdgeMessages.OK;
import static org.millrace.engine.sip.EdgeMessages.before;
import static org.millrace.engine.sip.EdgeMessages.replaced;
import static org.millrace.engine.sip.EdgeMessages.without;
import static org.millrace.engine.sip.SipClient.values;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.engine.connection.SendResult;

/** EP vectors of responses that are not what they say, C-16, C-40, C-41, C-45. */
@SuppressWarnings("StringConcatToTextBlock") // lines are put together
class EdgeResponseTest {
  private static final String CLIENT_VIA =
      "Via: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK4711002\n";

  private final EdgeRig rig = new EdgeRig();
  private final EdgeRig.Client alice = rig.alice();

  private void dropped(String response, SipCounter counter) {
    final long before = rig.counter(counter);
    rig.coreSays("SIP/2.0 200 OK\n" + response);
    rig.nobodyHearsAnything();
    assertThat(rig.counter(counter) - before).isEqualTo(1);
  }

  private void foreign(String response) {
    dropped(response, SipCounter.FOREIGN_RESPONSES);
  }

  private void clientForeign(EdgeRig.Client client, String response) {
    final long before = rig.counter(SipCounter.FOREIGN_RESPONSES);
    client.says("SIP/2.0 200 OK\n" + response);
    rig.nobodyHearsAnything();
    assertThat(rig.counter(SipCounter.FOREIGN_RESPONSES) - before).isEqualTo(1);
  }

  @Test
  void ep12ResponsesThatAreNotOurs() {
    foreign(INVITE_VIA.replace("10.0.0.7", "10.0.0.8") + OK);
    foreign(INVITE_VIA.replace(":5060", ":5070") + OK);
    foreign(INVITE_VIA.replace("RBfj;", "RBfk;") + OK);
    foreign(INVITE_VIA.replaceAll(";eflow=[^;]*", "") + OK);
    foreign(INVITE_VIA + without(OK, CLIENT_VIA));
    foreign(OK);
    rig.coreSays("SIP/2.0 200 OK\n" + INVITE_VIA + OK);
    alice.hears();
  }

  @Test
  void ep13ForgedReturnPath() {
    final String forged =
        BYE_OK.replace(
            "Via: SIP/2.0/TCP 10.0.0.9:5060;",
            "Via: SIP/2.0/UDP 10.0.0.1:53;received=198.51.100.7;");
    alice.says("SIP/2.0 200 OK\n" + BYE_VIA + forged);
    assertThat(rig.coreGets().hop())
        .isEqualTo(new EdgeRig.Hop(2, "10.0.0.9", 40112, EdgeRig.CORE_CONNECTION, 0));
    final String otherBranch = BYE_VIA.replace("S9XZiJ0szG78t9F8", "pOlt3yTxSQ7hSuz2");
    clientForeign(alice, otherBranch + BYE_OK);
    clientForeign(alice, BYE_VIA.replace("eret=IQ", "eret=IR") + BYE_OK);
    clientForeign(alice, BYE_VIA.replace("edge.example.com", "edge.example.org") + BYE_OK);
    clientForeign(alice, BYE_VIA + without(BYE_OK, BYE_OK.substring(0, BYE_OK.indexOf("To:"))));
  }

  /** A Via of the other form, from bytes moved between header and branch. */
  @Test
  void returnTokenToAFlowIsNoneToTheCore() {
    clientForeign(
        alice,
        BYE_VIA.replaceAll("branch=z9hG4bKe1", "branch=4bKe1").replaceAll(";eloop", "A;eloop")
            + BYE_OK);
  }

  @Test
  void ep29FlowTokenReplayedAsViaData() {
    clientForeign(rig.carol(), INVITE_VIA + OK);
    foreign(INVITE_VIA + OK.replace("z9hG4bK4711002", "z9hG4bK4711999"));
    foreign(INVITE_VIA + OK.replace("df7jal23ls0d.invalid;b", "other.invalid;b"));
    foreign(INVITE_VIA + OK.replace("CSeq: 1 ", "CSeq: 2 "));
  }

  @Test
  void branchIsNotVerifiedIfThatIsOff() {
    final EdgeRig lenient = new EdgeRig(new EdgeProxyContext().verifyBranch(false));
    final EdgeRig.Client client = lenient.alice();
    lenient.coreSays(
        "SIP/2.0 200 OK\n" + INVITE_VIA + OK.replace("z9hG4bK4711002", "z9hG4bK4711999"));
    assertThat(values(client.hears(), "Via")).hasSize(1);
  }

  @Test
  void c45LateResponses() {
    alice.leaves();
    dropped(INVITE_VIA + OK, SipCounter.LATE_RESPONSES);
    foreign(INVITE_VIA.replace("RBfj;", "RBfk;") + OK);
  }

  @ParameterizedTest
  @CsvSource({
    SendResult.NOT_OPEN + ",LATE_RESPONSES",
    SendResult.BACK_PRESSURED + ",UNDELIVERED_RESPONSES"
  })
  void clientTakesNoResponse(int result, SipCounter counter) {
    rig.result(EdgeRig.ALICE, result);
    dropped(INVITE_VIA + OK, counter);
  }

  @Test
  void severalViasInALine() {
    rig.coreSays("SIP/2.0 200 OK\n" + INVITE_VIA.strip() + " ,\n " + OK.substring(5));
    final String heard = alice.hears();
    assertThat(heard).startsWith("SIP/2.0 200 OK\r\n" + CLIENT_VIA.strip() + "\r\nRecord-Route");
  }

  @Test
  void responsesToThisSideItself() {
    final List<String> own = new ArrayList<>();
    final EdgeRig probing =
        new EdgeRig(
            new EdgeProxyContext()
                .ownResponses(
                    (hop, buffer, offset, length) ->
                        own.add(hop.port() + Text.of(buffer, offset, length))));
    final String ok =
        "SIP/2.0 200 OK\nVia: SIP/2.0/TCP 10.0.0.7:5060;branch=z9hG4bKprobe\nTo: <sip:a@b>;tag=1\n"
            + "From: <sip:a@b>;tag=2\nCall-ID: c\nCSeq: 1 OPTIONS\nContent-Length: 0\n\n";
    probing.coreSays(ok);
    assertThat(own).containsExactly("40112" + SipClient.crlf(ok));
    assertThat(probing.counter(SipCounter.FOREIGN_RESPONSES)).isZero();
    foreign(ok.substring(ok.indexOf("Via")));
  }

  @Test
  void assertedIdentityOfAClientIsRemovedFromResponsesToo() {
    alice.says(
        "SIP/2.0 200 OK\n"
            + before(BYE_VIA + BYE_OK, "To", "P-Asserted-Identity: <sip:boss@example.com>\n"));
    assertThat(rig.coreHears()).doesNotContain("P-Asserted-Identity");
  }

  /** Requests without the cookie of RFC 3261 have branches that depend on more (C-12). */
  @Test
  void branchOfOldRequests() {
    final String old = replaced(CORE_INVITE, "z9hG4bKcore88", "1");
    rig.coreSays(old);
    final List<String> vias = values(alice.hears(), "Via");
    rig.coreSays(old.replace("INVITE sip:u8k2p0qz@", "INVITE sip:other@"));
    assertThat(values(alice.hears(), "Via").get(0)).isNotEqualTo(vias.get(0));
    alice.says(
        "SIP/2.0 200 OK\nVia: "
            + vias.get(0)
            + "\nVia: "
            + vias.get(1)
            + "\n"
            + BYE_OK.substring(BYE_OK.indexOf("To:")));
    assertThat(rig.coreGets().hop().sentByPort()).isEqualTo(5060);
  }

  /** C-43: what is told of the request before says nothing about this one. */
  @Test
  void answersToMalformedRequestsGoByTheirOwnVia() {
    rig.coreSays(replaced(CORE_INVITE, "Max-Forwards: 70", "Max-Forwards: 0"));
    assertThat(rig.coreGets().hop().sentByPort()).isEqualTo(5060);
    rig.coreSays(replaced(CORE_INVITE, "10.0.0.9:5060", "10.0.0.9:5070").replace("To: <", "To: "));
    assertThat(rig.coreGets().hop().sentByPort()).isEqualTo(5070);
    rig.coreSays(replaced(CORE_INVITE, "10.0.0.9:5060", "10.0.0.9:port"));
    assertThat(rig.coreGets().hop().sentByPort()).isZero();
  }
}
