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
import static org.millrace.engine.sip.EdgeMessages.PATH_ROUTE;
import static org.millrace.engine.sip.EdgeMessages.RR_CLIENT;
import static org.millrace.engine.sip.EdgeMessages.RR_CORE;
import static org.millrace.engine.sip.EdgeMessages.before;
import static org.millrace.engine.sip.EdgeMessages.replaced;
import static org.millrace.engine.sip.EdgeMessages.sameTransaction;
import static org.millrace.engine.sip.EdgeMessages.without;
import static org.millrace.engine.sip.SipClient.crlf;
import static org.millrace.engine.sip.SipClient.values;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.SendResult;

/** EP vectors that forward, byte for byte. */
@SuppressWarnings("StringConcatToTextBlock") // lines are put together
class EdgeForwardTest {
  private static final String RECORD_ROUTES =
      "Record-Route: " + RR_CORE + "\nRecord-Route: " + RR_CLIENT + "\n";

  private final EdgeRig rig = new EdgeRig();
  private final EdgeRig.Client alice = rig.alice();

  /** What must come out if our Via is put on top and a hop is spent. */
  private static String forwarded(String request, String via) {
    return crlf(replaced(before(request, "Via", via), "Max-Forwards: 70\n", "Max-Forwards: 69\n"));
  }

  private static String branch(String message) {
    return values(message, "Via").get(0).replaceAll(".*;branch=([^;]*).*", "$1");
  }

  @Test
  void ep03InviteToTheCore() {
    alice.says(INVITE);
    final EdgeRig.ToCore sent = rig.coreGets();
    assertThat(sent.text())
        .isEqualTo(forwarded(before(INVITE, "Max-Forwards", RECORD_ROUTES), INVITE_VIA));
    assertThat(sent.target().name()).isEqualTo("TCP/10.0.0.9");
    assertThat(sent.retransmit()).isTrue();
    rig.nobodyHearsAnything(); // C-10: no 100
  }

  @Test
  void ep03WithARouteToThisSide() {
    alice.says(
        before(INVITE, "Max-Forwards", "Route: <sip:edge.example.com:443;transport=ws;lr>\n"));
    assertThat(rig.coreHears())
        .isEqualTo(
            forwarded(
                before(INVITE, "Max-Forwards", RECORD_ROUTES),
                replaced(INVITE_VIA, "2395072b", "6fe02c04")));
  }

  @Test
  void ep04ResponseToTheClient() {
    rig.coreSays("SIP/2.0 200 OK\n" + replaced(INVITE_VIA, "\n", ";received=10.0.0.7\n") + OK);
    assertThat(alice.hears()).isEqualTo(crlf("SIP/2.0 200 OK\n" + OK));
    assertThat(rig.counter(SipCounter.FORWARDED_RESPONSES)).isEqualTo(1);
  }

  @Test
  void ep05AckOfSuccess() {
    final String expected =
        forwarded(
            without(ACK, "Route: " + RR_CLIENT + "\n", "Route: " + RR_CORE + "\n"),
            "Via: SIP/2.0/TCP 10.0.0.7:5060;branch=z9hG4bKe1.FeUdu3qlSNLiZhmJ;eflow="
                + EdgeRig.ALICE_TOKEN
                + ";eloop=20eaa504\n");
    alice.says(ACK);
    final EdgeRig.ToCore byGroup = rig.coreGets();
    assertThat(byGroup.text()).isEqualTo(expected);
    assertThat(byGroup.target().name()).isEqualTo("TCP/10.0.0.9");
    assertThat(byGroup.retransmit()).isFalse();

    rig.targets(
        EdgeRig.target(EdgeRig.TCP_SOCKET, "10.0.0.9", 5060),
        EdgeRig.target(EdgeRig.TCP_SOCKET, "10.0.0.20", 5060));
    alice.says(ACK);
    final EdgeRig.ToCore byUri = rig.coreGets();
    assertThat(byUri.text()).isEqualTo(expected);
    assertThat(byUri.target().name()).isEqualTo("TCP/10.0.0.20");
  }

  @Test
  void ep06RequestToTheClient() {
    rig.coreSays(BYE);
    assertThat(alice.hears())
        .isEqualTo(
            crlf(
                replaced(
                    before(
                        without(BYE, "Route: " + RR_CORE + "\n", "Route: " + RR_CLIENT + "\n"),
                        "Via",
                        BYE_VIA),
                    "Max-Forwards: 69",
                    "Max-Forwards: 68")));
    rig.nobodyHearsAnything();
  }

  @Test
  void ep07ResponseToTheCore() {
    alice.says("SIP/2.0 200 OK\n" + BYE_VIA + BYE_OK);
    final EdgeRig.ToCore sent = rig.coreGets();
    assertThat(sent.text()).isEqualTo(crlf("SIP/2.0 200 OK\n" + BYE_OK));
    assertThat(sent.hop())
        .isEqualTo(new EdgeRig.Hop(2, "10.0.0.9", 40112, EdgeRig.CORE_CONNECTION, 5060));
  }

  @Test
  void ep08SameInputSameOutput() {
    alice.says(INVITE);
    final String first = rig.coreHears();
    alice.says(INVITE);
    assertThat(rig.coreHears()).isEqualTo(first);

    final EdgeRig other = new EdgeRig();
    other.client(EdgeRig.ALICE + 5, EdgeRig.POLICY).says(INVITE);
    final String there = other.coreHears();
    assertThat(branch(there)).isEqualTo(branch(first));
    assertThat(there).isNotEqualTo(first);
  }

  @Test
  void ep09CancelFollowsItsInvite() {
    alice.says(INVITE);
    final EdgeRig.ToCore invite = rig.coreGets();
    alice.says(sameTransaction(INVITE, "CANCEL", ""));
    final EdgeRig.ToCore cancel = rig.coreGets();
    assertThat(branch(cancel.text())).isEqualTo("z9hG4bKe1._IwgzN-c_9ZCo932");
    assertThat(cancel.target()).isSameAs(invite.target());
    assertThat(values(cancel.text(), "Record-Route")).isEmpty();
    rig.nobodyHearsAnything();
  }

  @Test
  void ep10AckOfFailureFollowsItsInvite() {
    alice.says(sameTransaction(INVITE, "ACK", ";tag=b0b"));
    final EdgeRig.ToCore ack = rig.coreGets();
    assertThat(branch(ack.text())).isEqualTo("z9hG4bKe1._IwgzN-c_9ZCo932");
    assertThat(ack.target().name()).isEqualTo("TCP/10.0.0.9");
    assertThat(ack.retransmit()).isFalse();
  }

  @Test
  void ep11SameBranchOfAnotherBrowser() {
    alice.says(INVITE.replace("Via: SIP/2.0/WSS df7jal23ls0d", "Via: SIP/2.0/WSS qqqqqqqqqqqq"));
    assertThat(branch(rig.coreHears())).isEqualTo("z9hG4bKe1.Z8DCfoJxrA6PARL2");
  }

  @Test
  void ep19StrictRouter() {
    rig.coreSays(
        """
        INFO sip:10.0.0.7:5060;transport=tcp;lr SIP/2.0
        Via: SIP/2.0/TCP 10.0.0.9:5060;branch=z9hG4bKcore79
        Max-Forwards: 70
        Route: %s
        Route: <sip:alice@df7jal23ls0d.invalid;transport=ws>
        To: <sip:alice@example.com>;tag=al1ce
        From: <sip:bob@example.com>;tag=b0b
        Call-ID: call-0001
        CSeq: 502 INFO
        Content-Length: 0

        """
            .formatted(RR_CLIENT));
    final String heard = alice.hears();
    assertThat(SipClient.startLine(heard))
        .isEqualTo("INFO sip:alice@df7jal23ls0d.invalid;transport=ws SIP/2.0");
    assertThat(values(heard, "Route")).isEmpty();
  }

  @Test
  void strictRouterWithTheTokenInTheRequestUri() {
    rig.coreSays(
        CORE_INVITE
            .replace("INVITE sip:u8k2p0qz@df7jal23ls0d.invalid;transport=ws", "INVITE " + bare())
            .replace(
                "Route: " + PATH_ROUTE,
                "Route: <sip:further.example.com;lr>, <sip:u8k2p0qz@df7jal23ls0d.invalid>"));
    final String heard = alice.hears();
    assertThat(SipClient.startLine(heard))
        .isEqualTo("INVITE sip:u8k2p0qz@df7jal23ls0d.invalid SIP/2.0");
    assertThat(values(heard, "Route")).containsExactly("<sip:further.example.com;lr>");
  }

  private static String bare() {
    return PATH_ROUTE.substring(1, PATH_ROUTE.length() - 1);
  }

  @Test
  void theRequestUriMayBeTheToken() {
    rig.coreSays(
        without(CORE_INVITE, "Route: " + PATH_ROUTE + "\n")
            .replace("sip:u8k2p0qz@df7jal23ls0d.invalid;transport=ws", bare()));
    assertThat(SipClient.startLine(alice.hears())).isEqualTo("INVITE " + bare() + " SIP/2.0");
  }

  /** C-7, RFC 3261 section 16.6 step 6. */
  @Test
  void strictNextHop() {
    alice.says(before(ACK, "To", "Route: <sip:10.0.0.9;transport=tcp>,<sip:b.example.com;lr>\n"));
    final String heard = rig.coreHears();
    assertThat(SipClient.startLine(heard)).isEqualTo("ACK sip:10.0.0.9;transport=tcp SIP/2.0");
    assertThat(values(heard, "Route"))
        .containsExactly("<sip:b.example.com;lr>", "<sip:bob@10.0.0.20:5060;transport=tcp>");
  }

  @Test
  void ep24InviteToTheClient() {
    rig.coreSays(CORE_INVITE);
    final String via =
        "Via: SIP/2.0/WSS edge.example.com:443;branch=z9hG4bKe1.pOlt3yTxSQ7hSuz2"
            + ";eret=IQIAAgoAAAmcsAAAAAUAAAAB_VRe4flrjd7wdlPiNuS9eg;eloop=160bf57f\n";
    final String recorded =
        before(
            without(CORE_INVITE, "Route: " + PATH_ROUTE + "\n"),
            "Max-Forwards",
            "Record-Route: " + RR_CLIENT + "\nRecord-Route: " + RR_CORE + "\n");
    assertThat(alice.hears()).isEqualTo(forwarded(recorded, via));
    rig.nobodyHearsAnything();
  }

  @Test
  void recordRouteOfThisSideIsAboveThatOfOthers() {
    rig.coreSays(before(CORE_INVITE, "Via", "Record-Route: <sip:10.0.0.9;lr>\n"));
    assertThat(values(alice.hears(), "Record-Route"))
        .containsExactly(RR_CLIENT, RR_CORE, "<sip:10.0.0.9;lr>");
  }

  @Test
  void ep25CoreBehindTranslationOfAddresses() {
    final String via = "Via: SIP/2.0/UDP core.local;rport;branch=z9hG4bKu1";
    rig.coreSends(
        "10.0.0.9",
        6000,
        replaced(CORE_INVITE, "Via: SIP/2.0/TCP 10.0.0.9:5060;branch=z9hG4bKcore88", via));
    final List<String> vias = values(alice.hears(), "Via");
    assertThat(vias.get(1))
        .isEqualTo("SIP/2.0/UDP core.local;rport=6000;received=10.0.0.9;branch=z9hG4bKu1");
    alice.says(
        "SIP/2.0 180 Ringing\nVia: "
            + vias.get(0)
            + "\nVia: "
            + vias.get(1)
            + "\nTo: <sip:alice@example.com>;tag=1\nFrom: <sip:carol@example.com>;tag=caro1\n"
            + "Call-ID: call-0002\nCSeq: 31862 INVITE\n\n");
    final EdgeRig.ToCore answer = rig.coreGets();
    assertThat(answer.hop()).isEqualTo(new EdgeRig.Hop(1, "10.0.0.9", 6000, 0, 0));
    assertThat(values(answer.text(), "Via")).containsExactly(vias.get(1));
  }

  @Test
  void receivedWhereSentByIsAnother() {
    rig.coreSends("10.0.0.9", 5060, CORE_INVITE.replace("10.0.0.9:5060;", "core.local:5060;"));
    assertThat(values(alice.hears(), "Via").get(1))
        .isEqualTo("SIP/2.0/TCP core.local:5060;branch=z9hG4bKcore88;received=10.0.0.9");
    rig.coreSends(
        "10.0.0.9", 5060, CORE_INVITE.replace("10.0.0.9:5060;", "core.local;received=1.1.1.1;"));
    assertThat(values(alice.hears(), "Via").get(1))
        .isEqualTo("SIP/2.0/TCP core.local;received=10.0.0.9;branch=z9hG4bKcore88");
    rig.coreSends(
        "2001:db8::9", 5060, CORE_INVITE.replace("10.0.0.9:5060;", "[2001:DB8::9]:5060;"));
    final List<String> vias = values(alice.hears(), "Via");
    assertThat(vias.get(1)).isEqualTo("SIP/2.0/TCP [2001:DB8::9]:5060;branch=z9hG4bKcore88");
    alice.says(
        "SIP/2.0 180 Ringing\nVia: "
            + vias.get(0)
            + ", "
            + vias.get(1)
            + "\nTo: <sip:alice@example.com>;tag=1\nFrom: <sip:carol@example.com>;tag=caro1\n"
            + "Call-ID: call-0002\nCSeq: 31862 INVITE\nContent-Length: 0\n\n");
    final EdgeRig.ToCore answer = rig.coreGets();
    assertThat(answer.hop()).isEqualTo(new EdgeRig.Hop(1, "2001:db8::9", 5060, 0, 0));
    assertThat(values(answer.text(), "Via")).containsExactly(vias.get(1));
  }

  @Test
  void ep26HealthChangesBetweenInviteAndCancel() {
    final Target a = EdgeRig.target(EdgeRig.UDP_SOCKET, "10.0.0.9", 5060);
    final Target b = EdgeRig.target(EdgeRig.UDP_SOCKET, "10.0.0.10", 5060);
    rig.targets(a, b);
    alice.says(INVITE);
    final Target first = rig.coreGets().target();
    first.health(Target.Health.DOWN);
    alice.says(sameTransaction(INVITE, "CANCEL", ""));
    assertThat(rig.coreGets().target()).isSameAs(first);
    alice.says(sameTransaction(INVITE, "ACK", ";tag=x"));
    assertThat(rig.coreGets().target()).isSameAs(first);
    alice.says(INVITE.replace("z9hG4bK4711002", "z9hG4bK4711012"));
    final EdgeRig.ToCore next = rig.coreGets();
    assertThat(next.target()).isSameAs(first == a ? b : a);
    assertThat(branch(next.text())).isNotEqualTo("z9hG4bKe1._IwgzN-c_9ZCo932");
  }

  /** As when DNS says another weight of it: the old instance can be sent to no more. */
  @Test
  void ep26CancelGoesToTheTargetThatHasTakenOverFromThatOfItsInvite() {
    final Target before = EdgeRig.target(EdgeRig.UDP_SOCKET, "10.0.0.9", 5060);
    rig.targets(before);
    alice.says(INVITE);
    assertThat(rig.coreGets().target()).isSameAs(before);

    final Target after = EdgeRig.target(EdgeRig.UDP_SOCKET, "10.0.0.9", 5060);
    rig.targets(after);
    rig.result(before, SendResult.NOT_OPEN);
    alice.says(sameTransaction(INVITE, "CANCEL", ""));
    assertThat(rig.coreGets().target()).isSameAs(after);
    assertThat(alice.hearsAll()).isEmpty();
  }

  @Test
  void ep27HairpinWithinADialog() {
    final EdgeRig.Client carol = rig.carol();
    final String info =
        """
        INFO sip:alice@df7jal23ls0d.invalid;transport=ws SIP/2.0
        Via: SIP/2.0/WSS carol.invalid;branch=z9hG4bKc1
        Max-Forwards: 70
        Route: %s
        To: <sip:alice@example.com>;tag=al1ce
        From: <sip:carol@example.com>;tag=caro1
        Call-ID: call-0003
        CSeq: 2 INFO
        Content-Length: 0

        """
            .formatted(RR_CLIENT);
    carol.says(info);
    final String heard = alice.hears();
    final String via = values(heard, "Via").get(0);
    assertThat(via).startsWith("SIP/2.0/WSS edge.example.com:443;branch=z9hG4bKe1.");
    assertThat(values(heard, "Route")).isEmpty();
    final String rest =
        "Via: SIP/2.0/WSS carol.invalid;branch=z9hG4bKc1\nTo: <sip:alice@example.com>;tag=al1ce\n"
            + "From: <sip:carol@example.com>;tag=caro1\nCall-ID: call-0003\nCSeq: 2 INFO\n"
            + "Content-Length: 0\n\n";
    alice.says("SIP/2.0 200 OK\nVia: " + via + "\n" + rest);
    assertThat(carol.hears()).isEqualTo(crlf("SIP/2.0 200 OK\n" + rest));

    carol.says(info.replace(";tag=al1ce", ""));
    assertThat(carol.hears()).startsWith("SIP/2.0 403 ");
    rig.nobodyHearsAnything();
  }

  /** Both ends are clients, and no core between them has stayed in the path. */
  @Test
  void fourOwnRoutesOfADialogOfTwoClients() {
    final EdgeRig.Client carol = rig.carol();
    carol.says(
        before(
            BYE.replace("Route: " + RR_CORE + "\n", ""),
            "Route",
            "Route: "
                + RR_CLIENT.replace(EdgeRig.ALICE_TOKEN, EdgeRig.CAROL_TOKEN)
                + ", "
                + RR_CORE
                + " ,"
                + RR_CORE
                + "\n"));
    assertThat(values(alice.hears(), "Route")).isEmpty();
  }

  @Test
  void ep28ViaParametersOfAClientMeanNothing() {
    final String spoofed = ";branch=z9hG4bK4711002;eflow=" + EdgeRig.CAROL_TOKEN;
    alice.says(INVITE.replace(";branch=z9hG4bK4711002", spoofed));
    final List<String> vias = values(rig.coreHears(), "Via");
    assertThat(vias.get(0)).contains("eflow=" + EdgeRig.ALICE_TOKEN);
    assertThat(vias.get(1)).isEqualTo("SIP/2.0/WSS df7jal23ls0d.invalid" + spoofed);
  }

  @Test
  void messagesToClientsAreTextIfTheyCanBe() {
    rig.coreSays(BYE);
    assertThat(rig.toClients().get(0).opcode()).isEqualTo(Connection.AUTO);
  }
}
