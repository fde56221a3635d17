package org.millrace.engine.sip;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.sip.EdgeMessages.ACK;
import static org.millrace.engine.sip.EdgeMessages.CORE_INVITE;
import static org.millrace.engine.sip.EdgeMessages.INVITE;
import static org.millrace.engine.sip.EdgeMessages.INVITE_VIA;
import static org.millrace.engine.sip.EdgeMessages.PATH_ROUTE;
import static org.millrace.engine.sip.EdgeMessages.REGISTER;
import static org.millrace.engine.sip.EdgeMessages.RR_CLIENT;
import static org.millrace.engine.sip.EdgeMessages.before;
import static org.millrace.engine.sip.EdgeMessages.replaced;
import static org.millrace.engine.sip.EdgeMessages.sameTransaction;
import static org.millrace.engine.sip.EdgeMessages.without;
import static org.millrace.engine.sip.SipClient.startLine;
import static org.millrace.engine.sip.SipClient.values;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.connection.SendResult;

/** EP vectors of requests that go no further, and FT vectors as requests meet them. */
class EdgeRefusalTest {
  private static final String RECONNECTED = "EQYAAAAHAAEAAgAAAATKNfxSOGRzAboWhhW5iMBV";

  private final EdgeRig rig = new EdgeRig();
  private final EdgeRig.Client alice = rig.alice();

  private String refused(String request) {
    alice.says(request);
    rig.coreHearsNothing();
    return startLine(alice.hears()).substring("SIP/2.0 ".length());
  }

  private String refusedTheCore(String request) {
    rig.coreSays(request);
    assertThat(rig.toClients()).isEmpty();
    return startLine(rig.coreHears()).substring("SIP/2.0 ".length());
  }

  private void dropped(String request) {
    alice.says(request);
    rig.nobodyHearsAnything();
  }

  @Test
  void ep14NoHopsLeft() {
    alice.says(replaced(INVITE, "Max-Forwards: 70", "Max-Forwards: 0"));
    final String answer = alice.hears();
    assertThat(startLine(answer)).isEqualTo("SIP/2.0 483 Too Many Hops");
    assertThat(values(answer, "To").get(0)).matches("<sip:bob@example.com>;tag=.{12}");
    assertThat(values(answer, "Content-Length")).containsExactly("0");
    assertThat(values(answer, "Contact")).isEmpty();
    dropped(replaced(ACK, "Max-Forwards: 70", "Max-Forwards: 0"));
    assertThat(rig.counter(SipCounter.DROPPED_ACKS)).isEqualTo(1);
    alice.says(without(INVITE, "Max-Forwards: 70\n"));
    assertThat(values(rig.coreHears(), "Max-Forwards")).containsExactly("70");
    assertThat(refusedTheCore(replaced(CORE_INVITE, "Max-Forwards: 70", "Max-Forwards: 0")))
        .isEqualTo("483 Too Many Hops");
  }

  @Test
  void ep15OptionsWithoutHops() {
    final String options =
        INVITE.replace("INVITE", "OPTIONS").replace("Max-Forwards: 70", "Max-Forwards: 0");
    assertThat(refused(options)).isEqualTo("200 OK");
  }

  @Test
  void optionsOfTheCoreToThisSide() {
    final String options =
        without(CORE_INVITE, "Route: " + PATH_ROUTE + "\n")
            .replace(
                "INVITE sip:u8k2p0qz@df7jal23ls0d.invalid;transport=ws", "OPTIONS sip:10.0.0.7")
            .replace("31862 INVITE", "31862 OPTIONS");
    assertThat(refusedTheCore(options)).isEqualTo("200 OK");
    assertThat(refusedTheCore(options.replace("sip:10.0.0.7", "sip:10.0.0.77")))
        .isEqualTo("404 Not Found");
    assertThat(rig.counter(SipCounter.UNROUTED_REQUESTS)).isEqualTo(1);
  }

  @Test
  void ep16ProxyRequireAndScheme() {
    alice.says(before(INVITE, "To", "Proxy-Require: foo,bar\n"));
    final String answer = alice.hears();
    assertThat(startLine(answer)).isEqualTo("SIP/2.0 420 Bad Extension");
    assertThat(values(answer, "Unsupported")).containsExactly("foo, bar");
    alice.says(before(INVITE, "To", "Require: foo\n"));
    assertThat(values(rig.coreHears(), "Require")).containsExactly("foo");
    assertThat(refused(INVITE.replace("INVITE sip:bob@example.com", "INVITE mailto:a@b")))
        .isEqualTo("416 Unsupported URI Scheme");
    alice.says(INVITE.replace("INVITE sip:bob@example.com", "INVITE tel:+49-30-1"));
    assertThat(startLine(rig.coreHears())).isEqualTo("INVITE tel:+49-30-1 SIP/2.0");
  }

  @Test
  void ep17LoopAndSpiral() {
    final String mark = "160bf57f"; // of CORE_INVITE as EP-24 has it
    final String own =
        "Via: SIP/2.0/TCP 10.0.0.7:5060;branch=z9hG4bKe1._IwgzN-c_9ZCo932;eflow="
            + EdgeRig.ALICE_TOKEN
            + ";eloop="
            + mark
            + "\n";
    assertThat(refusedTheCore(before(CORE_INVITE, "Max-Forwards", own)))
        .isEqualTo("482 Loop Detected");
    assertThat(refusedTheCore(before(CORE_INVITE, "Via", own))).isEqualTo("482 Loop Detected");
    assertThat(rig.counter(SipCounter.LOOPS)).isEqualTo(2);

    final String spiral =
        before(CORE_INVITE, "Max-Forwards", own).replace("INVITE sip:u8k2", "INVITE sip:u9k2");
    rig.coreSays(spiral);
    alice.hears();
    rig.coreSays(before(CORE_INVITE, "Max-Forwards", own.replace("10.0.0.7", "10.0.0.8")));
    alice.hears(); // another's
    final String five = own.replace(mark, "00000000").repeat(5);
    rig.coreSays(before(CORE_INVITE, "Max-Forwards", five));
    alice.hears();
    final String six = own.replace(mark, "00000000").repeat(6);
    assertThat(refusedTheCore(before(CORE_INVITE, "Max-Forwards", six)))
        .isEqualTo("482 Loop Detected");
  }

  @Test
  void ep18LocalAnswer() {
    final String invite = before(INVITE, "To", "Route: <sip:198.51.100.66;lr>\n");
    alice.says(invite);
    final String first = alice.hears();
    alice.says(invite);
    assertThat(alice.hears()).isEqualTo(first);
    final String tag = values(first, "To").get(0).replaceAll(".*;tag=", ";tag=");
    dropped(sameTransaction(invite, "ACK", tag));
    assertThat(rig.counter(SipCounter.ABSORBED_ACKS)).isEqualTo(1);
    dropped(sameTransaction(invite, "ACK", ";tag=other"));
    assertThat(rig.counter(SipCounter.DROPPED_ACKS)).isEqualTo(1);
    assertThat(rig.counter(SipCounter.ABSORBED_ACKS)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<sip:198.51.100.66;lr>",
        "<sip:10.0.0.9:5061;lr>",
        "<sip:10.0.0.9:5060;transport=udp;lr>",
        "<sip:edge.example.com:443;transport=ws;lr>, <sip:198.51.100.66;lr>",
        "<sip:edge.example.com:8443;transport=ws;lr>",
        "<sip:edge.example.com:443;transport=tcp;lr>",
        "<sip:10.0.0.7:5060;transport=sctp;lr>",
        "<sip:x.invalid;lr>",
        "<tel:+1>"
      })
  void ep20RouteElsewhere(String route) {
    assertThat(refused(before(INVITE, "To", "Route: " + route + "\n"))).isEqualTo("403 Forbidden");
    assertThat(rig.counter(SipCounter.STRAY_ROUTES)).isEqualTo(1);
  }

  @Test
  void ep20RequestUriElsewhere() {
    alice.says(INVITE.replace("INVITE sip:bob@example.com", "INVITE sip:x@198.51.100.66"));
    assertThat(rig.coreGets().target().name()).isEqualTo("TCP/10.0.0.9");
    // within a dialog that this side does not know
    final String bye = sameTransaction(INVITE, "BYE", ";tag=1");
    assertThat(refused(bye)).isEqualTo("403 Forbidden");
    alice.says(bye.replace("BYE sip:bob@example.com", "BYE sip:bob@10.0.0.9;transport=tcp"));
    assertThat(rig.coreGets().target().name()).isEqualTo("TCP/10.0.0.9");
  }

  @Test
  void routeToTheCore() {
    alice.says(before(INVITE, "To", "Route: <sip:10.0.0.9;transport=tcp;lr>,<sip:x;lr>\n"));
    assertThat(values(rig.coreHears(), "Route"))
        .containsExactly("<sip:10.0.0.9;transport=tcp;lr>,<sip:x;lr>");
  }

  // ---- tokens ----

  @Test
  void ep21AndFt03TamperedToken() {
    final String tampered = "EQYAAAAHAAAAAgAAAAPI0R49ZwWDp64eiOaeRBfj";
    assertThat(refusedTheCore(CORE_INVITE.replace(EdgeRig.ALICE_TOKEN, tampered)))
        .isEqualTo("403 Forbidden");
    assertThat(rig.counter(SipCounter.FORGED_TOKENS)).isEqualTo(1);
    rig.coreSays(
        sameTransaction(CORE_INVITE.replace(EdgeRig.ALICE_TOKEN, tampered), "ACK", ";tag=x"));
    rig.nobodyHearsAnything();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "EQYAAAAHAAEAAgAAAAPI0R49ZwWDp64eiOaeRBf",
        "EQYAAAAHAAEAAgAAAAPI0R49ZwWDp64eiOaeRBfjA",
        "alice"
      })
  void ft04NoTokenOfOurs(String user) {
    assertThat(refusedTheCore(CORE_INVITE.replace(EdgeRig.ALICE_TOKEN, user)))
        .isEqualTo("403 Forbidden");
    assertThat(refused(ACK.replace("ACK", "BYE").replace(EdgeRig.ALICE_TOKEN, user)))
        .isEqualTo("403 Forbidden");
  }

  @Test
  void ft04NoUserIsNotFlowRouted() {
    assertThat(refusedTheCore(CORE_INVITE.replace(EdgeRig.ALICE_TOKEN + "@", "")))
        .isEqualTo("404 Not Found");
    alice.says(INVITE.replace("Contact", "Route: <sip:edge.example.com;lr>\nContact"));
    assertThat(values(rig.coreHears(), "Route")).isEmpty();
  }

  @Test
  void ft07KeysChange() {
    final EdgeRig changed = new EdgeRig(new EdgeProxyContext().flowKey(2, EdgeRig.key(64)), 2);
    final EdgeRig.Client client = changed.alice();
    client.says(REGISTER);
    final String path = values(changed.coreHears(), "Path").get(0);
    assertThat(path).startsWith("<sip:EgYAAAAHAAEAAgAAAA"); // 0x12
    changed.coreSays(CORE_INVITE.replace(PATH_ROUTE, path));
    client.hears();
    changed.coreSays(CORE_INVITE); // made with key 1
    client.hears();
    assertThat(refusedTheCore(CORE_INVITE.replace(PATH_ROUTE, path))).isEqualTo("403 Forbidden");
  }

  @Test
  void ft08TokenOfAnotherNode() {
    final String token =
        new String(
            new FlowTokens(EdgeRig.keys(new EdgeProxyContext()).node(8).tokenKeys())
                .flowToken(true, EdgeRig.ALICE),
            US_ASCII);
    assertThat(refusedTheCore(CORE_INVITE.replace(EdgeRig.ALICE_TOKEN, token)))
        .isEqualTo("430 Flow Failed");
  }

  @Test
  void ep22FlowGone() {
    alice.leaves();
    assertThat(refusedTheCore(CORE_INVITE)).isEqualTo("430 Flow Failed");
    assertThat(rig.counter(SipCounter.FAILED_FLOWS)).isEqualTo(1);
    rig.coreSays(sameTransaction(CORE_INVITE, "ACK", ";tag=x"));
    rig.coreHearsNothing();
    assertThat(rig.proxy().flowCount()).isZero();
  }

  @Test
  void ep23ClientIsBack() {
    alice.leaves();
    final EdgeRig.Client again = rig.client(EdgeRig.ALICE + 1, EdgeRig.POLICY);
    assertThat(refusedTheCore(CORE_INVITE)).isEqualTo("430 Flow Failed");
    rig.coreSays(CORE_INVITE.replace(EdgeRig.ALICE_TOKEN, RECONNECTED));
    assertThat(values(again.hears(), "Record-Route").get(0)).contains(RECONNECTED);
    again.says(REGISTER);
    assertThat(values(rig.coreHears(), "Path").get(0)).contains(RECONNECTED);
    // what it has begun before goes on
    again.says(ACK);
    assertThat(values(rig.coreHears(), "Via").get(0)).contains(RECONNECTED);
  }

  @ParameterizedTest
  @CsvSource({
    SendResult.NOT_OPEN + ",430 Flow Failed,FAILED_FLOWS",
    SendResult.SLOW_CONSUMER + ",430 Flow Failed,FAILED_FLOWS",
    SendResult.BACK_PRESSURED + ",503 Service Unavailable,OVERLOADS",
    SendResult.TOO_LONG + ",513 Message Too Large,"
  })
  void c63FlowTakesNothing(int result, String status, SipCounter counter) {
    rig.result(EdgeRig.ALICE, result);
    rig.coreSays(CORE_INVITE);
    final EdgeRig.ToCore answer = rig.coreGets();
    assertThat(startLine(answer.text())).isEqualTo("SIP/2.0 " + status);
    assertThat(answer.hop())
        .isEqualTo(new EdgeRig.Hop(2, "10.0.0.9", 40112, EdgeRig.CORE_CONNECTION, 5060));
    if (counter != null) {
      assertThat(rig.counter(counter)).isEqualTo(1);
    }
  }

  @Test
  void answersTellWhereTheRequestCameFrom() {
    rig.coreSends(
        "10.0.0.9",
        6000,
        CORE_INVITE
            .replace("10.0.0.9:5060;branch", "core.local;rport;branch")
            .replace(EdgeRig.ALICE_TOKEN, "alice"));
    final EdgeRig.ToCore answer = rig.coreGets();
    assertThat(values(answer.text(), "Via"))
        .containsExactly(
            "SIP/2.0/TCP core.local;rport=6000;received=10.0.0.9;branch=z9hG4bKcore88");
    assertThat(answer.hop()).isEqualTo(new EdgeRig.Hop(1, "10.0.0.9", 6000, 0, 0));
  }

  // ---- the core cannot be reached ----

  @Test
  void noTargetAtAll() {
    rig.targets();
    assertThat(refused(INVITE)).isEqualTo("503 Service Unavailable");
    final Target target = EdgeRig.target(EdgeRig.TCP_SOCKET, "10.0.0.9", 5060);
    rig.targets(target);
    target.health(Target.Health.DOWN);
    assertThat(refused(INVITE)).isEqualTo("503 Service Unavailable");
    target.health(Target.Health.UP);
    rig.result(target, SendResult.NOT_OPEN);
    assertThat(refused(INVITE)).isEqualTo("503 Service Unavailable");
    assertThat(rig.counter(SipCounter.CORE_UNREACHABLE)).isEqualTo(3);
    rig.result(target, SendResult.BACK_PRESSURED);
    alice.says(INVITE);
    assertThat(values(alice.hears(), "Retry-After")).hasSize(1);
    assertThat(rig.counter(SipCounter.OVERLOADS)).isEqualTo(1);
    dropped(ACK);
  }

  @Test
  void malformedRequests() {
    assertThat(refused(replaced(INVITE, "Via: SIP/2.0/WSS", "Via: SIP/2.0")))
        .isEqualTo("400 Bad Via");
    assertThat(refusedTheCore(replaced(CORE_INVITE, "branch=", "branch==;rport;\"")))
        .isEqualTo("400 Bad Via");
    assertThat(
            refused(without(INVITE, "To: <sip:bob@example.com>\n").replace("Call", "t: <\nCall")))
        .isEqualTo("400 Bad To");
    assertThat(refused(before(INVITE, "To", "Route: <sip:edge.example.com\n")))
        .isEqualTo("400 Bad Request");
    assertThat(refusedTheCore(replaced(CORE_INVITE, "Content-Length: 0", "Content-Length: 9")))
        .isEqualTo("400 Body Shorter Than Content-Length");
    rig.coreSays("nonsense\n\n");
    rig.coreSays(INVITE_VIA);
    rig.coreSays("SIP/2.0 200 OK\n" + INVITE_VIA + "\n");
    rig.nobodyHearsAnything();
    assertThat(rig.counter(SipCounter.CORE_BAD_MESSAGES)).isEqualTo(2);
    assertThat(rig.counter(SipCounter.MALFORMED_RESPONSES)).isEqualTo(1);
  }

  /** What is not there may have been elsewhere in the message before. */
  @Test
  void requestWithoutFromTag() {
    alice.says(before(INVITE, "From", "Subject: " + "x".repeat(5000) + "\n"));
    rig.coreGets();
    alice.says(replaced(INVITE, ";tag=al1ce", ""));
    assertThat(values(rig.coreHears(), "From")).containsExactly("<sip:alice@example.com>");
  }

  @Test
  void tooManyRoutes() {
    final String routes = ("Route: " + RR_CLIENT + "\n").repeat(65);
    assertThat(refused(before(INVITE, "To", routes))).isEqualTo("400 Bad Request");
    assertThat(refused(before(INVITE, "To", ("Route: " + RR_CLIENT + "\n").repeat(64))))
        .isEqualTo("403 Forbidden");
  }
}
