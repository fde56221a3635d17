package org.millrace.engine.sip;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.sip.EdgeMessages.CORE_INVITE;
import static org.millrace.engine.sip.EdgeMessages.INVITE;
import static org.millrace.engine.sip.EdgeMessages.REGISTER;
import static org.millrace.engine.sip.EdgeMessages.before;
import static org.millrace.engine.sip.EdgeMessages.replaced;
import static org.millrace.engine.sip.EdgeMessages.sameTransaction;
import static org.millrace.engine.sip.EdgeMessages.without;
import static org.millrace.engine.sip.SipClient.crlf;
import static org.millrace.engine.sip.SipClient.startLine;
import static org.millrace.engine.sip.SipClient.values;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.SendResult;

/** SP vectors through the proxy; identities (B-22 to B-24); header policy (C-4); C-65. */
@SuppressWarnings("StringConcatToTextBlock") // lines are put together
class EdgeSipTest {
  private static final byte[] PING = {'\r', '\n', '\r', '\n'};
  private static final byte[] PONG = {'\r', '\n'};

  private static final String MESSAGE =
      """
      MESSAGE sip:bob@example.com SIP/2.0
      Via: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK4711004
      Max-Forwards: 70
      To: <sip:bob@example.com>
      From: <sip:alice@example.com>;tag=al1ce
      Call-ID: call-0004
      CSeq: 1 MESSAGE
      """;

  private final EdgeRig rig = new EdgeRig();
  private final EdgeRig.Client alice = rig.alice();

  @Test
  void sp01TwoMessagesInOne() {
    alice.says(
        INVITE.replace("Content-Length: 5", "Content-Length: 0").replace("v=0\r\n", "")
            + crlf(INVITE));
    assertThat(rig.coreHears()).endsWith("Content-Length: 0\r\n\r\n");
    assertThat(rig.counter(SipCounter.SURPLUS_MESSAGES)).isEqualTo(1);
    assertThat(rig.counter(SipCounter.SURPLUS_BYTES)).isEqualTo(crlf(INVITE).length());
  }

  @Test
  void sp02ShortBody() {
    alice.says(
        INVITE.replace("Content-Length: 5", "Content-Length: 10").replace("v=0\r\n", "v=0\n"));
    assertThat(startLine(alice.hears())).startsWith("SIP/2.0 400 ");
    alice.says(
        "SIP/2.0 200 OK\n" + EdgeMessages.BYE_VIA + EdgeMessages.BYE_OK.replace(": 0\n", ": 1\n"));
    rig.nobodyHearsAnything();
    assertThat(rig.counter(SipCounter.MALFORMED_RESPONSES)).isEqualTo(1);
  }

  @Test
  void sp03LongBody() {
    alice.says(MESSAGE + "Content-Length: 2\n\nhello");
    assertThat(rig.coreHears()).endsWith("Content-Length: 2\r\n\r\nhe");
  }

  @Test
  void sp04NoContentLength() {
    alice.says(MESSAGE + "\nhello");
    assertThat(rig.coreHears()).endsWith("CSeq: 1 MESSAGE\r\nContent-Length: 5\r\n\r\nhello");
    rig.coreSays(without(CORE_INVITE, "Content-Length: 0\n"));
    assertThat(values(alice.hears(), "Content-Length")).containsExactly("0");
    alice.says(
        "SIP/2.0 200 OK\n"
            + EdgeMessages.BYE_VIA
            + without(EdgeMessages.BYE_OK, "Content-Length: 0\n"));
    assertThat(values(rig.coreHears(), "Content-Length")).containsExactly("0");
  }

  @Test
  void sp05CompactForm() {
    alice.says(MESSAGE + "l: 5\n\nhello");
    assertThat(rig.coreHears()).endsWith("CSeq: 1 MESSAGE\r\nl: 5\r\n\r\nhello");
  }

  @Test
  void sp06BytesThatAreNoUtf8() {
    alice.says(MESSAGE + "Subject: caf\u00e9\n\nx");
    assertThat(rig.coreHears()).contains("Subject: caf\u00e9\r\n");
    rig.coreSays(before(CORE_INVITE, "To", "Subject: caf\u00e9\n"));
    final EdgeRig.ToClient sent = rig.toClients().get(0);
    assertThat(sent.text()).contains("Subject: caf\u00e9\r\n");
    assertThat(sent.opcode()).isEqualTo(Connection.AUTO);
  }

  @ParameterizedTest
  @CsvSource({
    ";rport,;rport=51234;received=203.0.113.5",
    ";rport;x=1,;rport=51234;received=203.0.113.5;x=1",
    ";rport=1,;rport=1",
    ";x=1,;x=1",
    ";received=1.1.1.1;rport,;received=203.0.113.5;rport=51234"
  })
  void sp07Rport(String params, String expected) {
    alice.says(INVITE.replace(";branch=z9hG4bK4711002", ";branch=z9hG4bKx" + params));
    final String heard = rig.coreHears();
    assertThat(values(heard, "Via").get(1))
        .isEqualTo("SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bKx" + expected);
  }

  @Test
  void receivedMayBeAddedAlways() {
    final EdgePolicy policy =
        new EdgePolicy(
            EdgePolicy.Mode.OUTBOUND,
            "core",
            true,
            false,
            false,
            false,
            true,
            0,
            false,
            true,
            EdgePolicy.Transactions.AUTO);
    rig.client(EdgeRig.CAROL, policy).says(INVITE);
    assertThat(values(rig.coreHears(), "Via").get(1))
        .isEqualTo("SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK4711002;received=203.0.113.5");
  }

  @Test
  void sp08AndSp09KeepAlives() {
    alice.saysExactly(PING);
    assertThat(alice.hears()).isEqualTo("\r\n");
    alice.saysExactly(PONG);
    rig.nobodyHearsAnything();
    rig.core().saysExactly(PING);
    assertThat(rig.core().hears()).isEqualTo("\r\n");
    rig.core().saysExactly(PONG);
    rig.nobodyHearsAnything();
  }

  @Test
  void sp12BranchesTowardsAClientAreUnique() {
    rig.coreSays(CORE_INVITE.replace("z9hG4bKcore88", "z9hG4bK1"));
    final String first = values(alice.hears(), "Via").get(0);
    rig.coreSays(
        CORE_INVITE.replace("z9hG4bKcore88", "z9hG4bK1").replace("10.0.0.9:5060", "10.0.0.10"));
    assertThat(values(alice.hears(), "Via").get(0).replaceAll(";eret.*", ""))
        .isNotEqualTo(first.replaceAll(";eret.*", ""));
  }

  @Test
  void sp13Garbage() {
    for (int i = 0; i < 11; i++) {
      alice.says("foo");
    }
    assertThat(rig.counter(SipCounter.BAD_MESSAGES)).isEqualTo(10);
    assertThat(rig.closed()).containsExactly(EdgeRig.ALICE);
  }

  // ---- identities ----

  private EdgeRig.Client bound(String identity, boolean asserted) {
    return rig.client(
        EdgeRig.CAROL,
        new EdgePolicy(
            EdgePolicy.Mode.OUTBOUND,
            "core",
            true,
            false,
            false,
            false,
            false,
            0,
            asserted,
            true,
            EdgePolicy.Transactions.AUTO),
        identity);
  }

  @Test
  void sp10Identity() {
    final EdgeRig.Client client = bound("alice@example.com", false);
    client.says(INVITE.replace("From: <sip:alice@", "From: <sip:bob@"));
    assertThat(startLine(client.hears())).isEqualTo("SIP/2.0 403 Forbidden");
    assertThat(rig.counter(SipCounter.IDENTITY_REFUSALS)).isEqualTo(1);
    client.says(before(INVITE, "To", "P-Asserted-Identity: <sip:boss@example.com>\n"));
    assertThat(values(rig.coreHears(), "P-Asserted-Identity")).isEmpty();
    client.says(REGISTER);
    rig.coreGets();
    client.says(REGISTER.replace("To: <sip:alice@", "To: <sip:bob@"));
    assertThat(startLine(client.hears())).isEqualTo("SIP/2.0 403 Forbidden");
    client.says(sameTransaction(INVITE, "ACK", ";tag=1").replace("<sip:alice@", "<sip:bob@"));
    rig.nobodyHearsAnything();
  }

  @Test
  void assertedIdentity() {
    final EdgeRig.Client client = bound("alice@example.com", true);
    client.says(before(INVITE, "To", "P-Asserted-Identity: <sip:boss@example.com>\n"));
    assertThat(values(rig.coreHears(), "P-Asserted-Identity"))
        .containsExactly("<sip:alice@example.com>");
    for (final String method : List.of("ACK", "CANCEL")) {
      client.says(sameTransaction(INVITE, method, ""));
      assertThat(values(rig.coreHears(), "P-Asserted-Identity")).isEmpty();
    }
    client.says(REGISTER);
    assertThat(values(rig.coreHears(), "P-Asserted-Identity")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"alice", "alice@example.com\r\nX: y", "alice@ex ample", "alice@"})
  void identityWithoutAHostAssertsNothing(String text) {
    assertThat(new Identity(text).asserted()).isEmpty();
  }

  @Test
  void nothingOfAnIdentityEndsTheLine() {
    assertThat(new String(new Identity("a>\r\n%\"\u00e9+1@Host.example").asserted(), ISO_8859_1))
        .isEqualTo("P-Asserted-Identity: <sip:a%3E%0D%0A%25%22%C3%A9+1@Host.example>\r\n");
  }

  @Test
  void b24IdentityIsRevoked() {
    rig.client(0x100, EdgeRig.POLICY, "bob@example.com");
    rig.client(0x200, EdgeRig.POLICY, "bob@Example.com");
    rig.client(0x300, EdgeRig.POLICY, "bob@example.org");
    rig.client(0x400, EdgeRig.POLICY, "bob");
    assertThat(rig.proxy().revoke("bob@example.com")).isEqualTo(3);
    assertThat(rig.closed()).containsExactlyInAnyOrder(0x100L, 0x200L, 0x400L);
    assertThat(rig.proxy().revoke("sip:bob")).isEqualTo(4);
    assertThat(rig.proxy().revoke("alice")).isZero();
    assertThat(rig.counter(SipCounter.REVOKED_FLOWS)).isEqualTo(7);
  }

  // ---- header policy ----

  @Test
  void c4HeadersThatClientsLose() {
    final EdgeRig strict =
        new EdgeRig(
            new EdgeProxyContext()
                .droppedHeaders(List.of("P-Access-Network-Info", "Service-Route", "Path")));
    final EdgeRig.Client client = strict.alice();
    client.says(
        before(
            INVITE,
            "To",
            "p-ACCESS-network-info : x\nService-Route: y\nService-Router: z\npath: q\n"
                + "P-Asserted-Identity: stays\n"));
    assertThat(strict.coreHears())
        .contains("\r\nService-Router: z\r\nP-Asserted-Identity: stays\r\nTo: ")
        .doesNotContain("network")
        .doesNotContain("Service-Route:")
        .doesNotContain("path");
  }

  @Test
  void c4RecordRouteOfAnInitialRequest() {
    alice.says(before(INVITE, "Via", "Record-Route: <sip:evil;lr>\n"));
    assertThat(values(rig.coreHears(), "Record-Route"))
        .containsExactly(EdgeMessages.RR_CORE, EdgeMessages.RR_CLIENT);
  }

  // ---- C-65 ----

  private static Target withTwin(Target twin) {
    return new Target(
        "udp", EdgeRig.UDP_SOCKET, new InetSocketAddress("10.0.0.9", 5060), 0, 1, twin, Set.of());
  }

  private static String large() {
    return replaced(INVITE, "Contact: ", "Subject: " + "x".repeat(2000) + "\nContact: ");
  }

  @Test
  void up06LongRequestsGoOverTheTwin() {
    final Target twin = EdgeRig.target(EdgeRig.TCP_SOCKET, "10.0.0.9", 5060);
    final Target udp = withTwin(twin);
    rig.targets(udp);
    alice.says(large());
    final EdgeRig.ToCore overTcp = rig.coreGets();
    assertThat(overTcp.target()).isSameAs(twin);
    assertThat(values(overTcp.text(), "Via").get(0)).startsWith("SIP/2.0/TCP 10.0.0.7:5060;");
    alice.says(sameTransaction(INVITE, "CANCEL", ""));
    assertThat(rig.coreGets().target()).as("of the CANCEL").isSameAs(twin);

    rig.result(twin, SendResult.NOT_OPEN);
    alice.says(large().replace("z9hG4bK4711002", "z9hG4bK4711022"));
    final EdgeRig.ToCore overUdp = rig.coreGets();
    assertThat(overUdp.target()).isSameAs(udp);
    assertThat(overUdp.retransmit()).isTrue();
    assertThat(values(overUdp.text(), "Via").get(0)).startsWith("SIP/2.0/UDP 10.0.0.7:5060;");
    assertThat(values(overUdp.text(), "Record-Route").get(0)).contains("transport=udp");
  }

  private static void waitsInVain(EdgeRig rig, Target target, String message) {
    final byte[] bytes = message.getBytes(ISO_8859_1);
    rig.proxy().newUndelivered().onUnsent(target, new UnsafeBuffer(bytes), 0, bytes.length);
  }

  @Test
  void up06LongRequestsThatWaitedForTheTwinInVainGoOverUdp() {
    final Target twin = EdgeRig.target(EdgeRig.TCP_SOCKET, "10.0.0.9", 5060);
    final Target udp = withTwin(twin);
    rig.targets(udp);
    alice.says(large());
    final String overTcp = rig.coreHears();
    waitsInVain(rig, twin, overTcp);
    final EdgeRig.ToCore overUdp = rig.coreGets();
    assertThat(overUdp.target()).isSameAs(udp);
    assertThat(overUdp.retransmit()).isTrue();
    assertThat(overUdp.text())
        .isEqualTo(
            replaced(overTcp, "Via: SIP/2.0/TCP ", "Via: SIP/2.0/UDP ")
                .replace(
                    "Record-Route: " + EdgeMessages.RR_CORE,
                    "Record-Route: " + EdgeMessages.RR_CORE.replace("=tcp", "=udp")))
        .contains(":5060;transport=udp;lr>");
    waitsInVain(rig, twin, overTcp.replaceFirst("INVITE", "ACK").replace("1 INVITE", "1 ACK"));
    assertThat(rig.coreGets().retransmit()).as("for the ACK").isFalse();
    assertThat(alice.hearsAll()).isEmpty();

    rig.result(twin, SendResult.NOT_OPEN);
    alice.says(sameTransaction(INVITE, "CANCEL", ""));
    final EdgeRig.ToCore cancel = rig.coreGets();
    assertThat(cancel.target()).as("of the CANCEL").isSameAs(udp);
    assertThat(values(cancel.text(), "Via").get(0)).isEqualTo(values(overUdp.text(), "Via").get(0));
  }

  @Test
  void aRegistrationThatWaitedForTheTwinInVainHasThePathOfUdp() {
    final Target twin = EdgeRig.target(EdgeRig.TCP_SOCKET, "10.0.0.9", 5060);
    rig.targets(withTwin(twin));
    alice.says(before(REGISTER, "To", "Subject: " + "x".repeat(2000) + "\n"));
    waitsInVain(rig, twin, rig.coreHears());
    assertThat(values(rig.coreHears(), "Path").get(0))
        .isEqualTo(EdgeMessages.PATH_ROUTE.replace("=tcp", "=udp"));
  }

  @Test
  void requestsThatWaitedInVainAreAnsweredIfTheirTargetIsNobodysTwin() {
    final Target down = EdgeRig.target(EdgeRig.TCP_SOCKET, "10.0.0.9", 5060);
    final Target udp = withTwin(down);
    udp.health(Target.Health.DOWN);
    for (final Target[] targets : new Target[][] {{down}, {down, udp}}) {
      rig.targets(targets);
      alice.says(INVITE);
      waitsInVain(rig, down, rig.coreHears());
      assertThat(startLine(alice.hears())).startsWith("SIP/2.0 503 ");
      rig.coreHearsNothing();
    }
  }

  @Test
  void aProbeOfTheTwinDoesNotGoOverUdp() {
    final Target twin = EdgeRig.target(EdgeRig.TCP_SOCKET, "10.0.0.9", 5060);
    rig.targets(withTwin(twin));
    waitsInVain(
        rig,
        twin,
        crlf(
            Text.request("OPTIONS", "sip:10.0.0.9", "c", "")
                .replace("Via:", "Via: SIP/2.0/TCP 10.0.0.7:5060;branch=z9hG4bKh1.x\nVia:")));
    rig.nobodyHearsAnything();
  }

  @Test
  void longRequestsMayBeRefused() {
    final EdgeRig rejecting =
        new EdgeRig(new EdgeProxyContext().sizeRule(new SizeRule(1300, SizeRule.Oversize.REJECT)));
    rejecting.targets(withTwin(null));
    final EdgeRig.Client client = rejecting.alice();
    client.says(large());
    assertThat(startLine(client.hears())).isEqualTo("SIP/2.0 513 Message Too Large");
  }
}
