package org.millrace.engine.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.sip.EdgeMessages.ACK;
import static org.millrace.engine.sip.EdgeMessages.BYE_OK;
import static org.millrace.engine.sip.EdgeMessages.CORE_INVITE;
import static org.millrace.engine.sip.EdgeMessages.INVITE;
import static org.millrace.engine.sip.EdgeMessages.PATH_ROUTE;
import static org.millrace.engine.sip.EdgeMessages.REGISTER;
import static org.millrace.engine.sip.EdgeMessages.RR_CLIENT;
import static org.millrace.engine.sip.EdgeMessages.RR_CORE;
import static org.millrace.engine.sip.EdgeMessages.before;
import static org.millrace.engine.sip.EdgeMessages.replaced;
import static org.millrace.engine.sip.EdgeMessages.without;
import static org.millrace.engine.sip.SipClient.crlf;
import static org.millrace.engine.sip.SipClient.startLine;
import static org.millrace.engine.sip.SipClient.values;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.engine.connection.SendResult;

/** AL vectors through the proxy: what is done when, byte for byte elsewhere. */
@SuppressWarnings("StringConcatToTextBlock") // lines are put together
class EdgeAliasTest {
  private static final String ALIAS = ";alias=203.0.113.5~51234~6";
  private static final String CONTACT = "Contact: <sip:alice@df7jal23ls0d.invalid;transport=ws;ob>";
  private static final String ALIASED =
      "Contact: <sip:alice@df7jal23ls0d.invalid" + ALIAS + ";transport=ws;ob>";

  private final EdgeRig rig = new EdgeRig();

  private static EdgePolicy policy(EdgePolicy.Mode mode, boolean mac) {
    return new EdgePolicy(
        mode,
        "core",
        true,
        false,
        false,
        false,
        false,
        0,
        false,
        mac,
        EdgePolicy.Transactions.AUTO);
  }

  private EdgeRig.Client alice() {
    return rig.client(EdgeRig.ALICE, policy(EdgePolicy.Mode.ALIAS, false));
  }

  private static String aliased(String alias) {
    return without(CORE_INVITE, "Route: " + PATH_ROUTE + "\n")
        .replace("sip:u8k2p0qz@df7jal23ls0d.invalid;transport=ws", "sip:alice@x.invalid" + alias);
  }

  private String refused(String request) {
    rig.coreSays(request);
    assertThat(rig.toClients()).isEmpty();
    return startLine(rig.coreHears()).substring("SIP/2.0 ".length());
  }

  @Test
  void al01ContactOfAnInvite() {
    alice().says(INVITE);
    final String heard = rig.coreHears();
    assertThat(heard).contains("\r\n" + ALIASED + "\r\n");
    assertThat(values(heard, "Record-Route"))
        .containsExactly(RR_CORE, "<sip:edge.example.com:443;transport=ws;lr>");
  }

  @Test
  void registrationHasAnAliasAndNoPath() {
    alice().says(REGISTER);
    final String heard = rig.coreHears();
    assertThat(heard)
        .contains("Contact: <sip:u8k2p0qz@df7jal23ls0d.invalid" + ALIAS + ";transport=ws>");
    assertThat(values(heard, "Path")).isEmpty();
  }

  @Test
  void bothHaveAPathAndAliasesElsewhere() {
    final EdgeRig.Client alice = rig.client(EdgeRig.ALICE, policy(EdgePolicy.Mode.BOTH, false));
    alice.says(REGISTER);
    final String register = rig.coreHears();
    assertThat(values(register, "Path")).hasSize(1);
    assertThat(register).doesNotContain("alias");
    alice.says(INVITE);
    final String invite = rig.coreHears();
    assertThat(invite).contains(ALIASED);
    assertThat(values(invite, "Record-Route")).containsExactly(RR_CORE, RR_CLIENT);
  }

  @Test
  void contactOfAResponse() {
    final EdgeRig.Client alice = alice();
    rig.coreSays(aliased(ALIAS));
    final String via = values(alice.hears(), "Via").get(0);
    final String rest =
        "Via: SIP/2.0/TCP 10.0.0.9:5060;branch=z9hG4bKcore88\n"
            + BYE_OK.substring(BYE_OK.indexOf("To:"), BYE_OK.indexOf("Content-Length"));
    alice.says("SIP/2.0 200 OK\nVia: " + via + "\n" + rest + CONTACT + "\nl: 0\n\n");
    assertThat(rig.coreHears()).isEqualTo(crlf("SIP/2.0 200 OK\n" + rest + ALIASED + "\nl: 0\n\n"));
  }

  @Test
  void al05RequestUri() {
    final EdgeRig.Client alice = alice();
    rig.coreSays(aliased(ALIAS + ";transport=ws"));
    assertThat(startLine(alice.hears()))
        .isEqualTo("INVITE sip:alice@x.invalid;transport=ws SIP/2.0");
  }

  @ParameterizedTest
  @CsvSource({
    "203.0.113.5~51234,400 Bad Request",
    "~1~6,400 Bad Request",
    "203.0.113.5~99999~6,400 Bad Request",
    "a~b~c,400 Bad Request",
    "10.0.0.50~22~2,403 Forbidden",
    "203.0.113.99~1~6,404 Not Found"
  })
  void al06AndAl07AliasesThatLeadNowhere(String alias, String status) {
    alice();
    assertThat(refused(aliased(";alias=" + alias))).isEqualTo(status);
    assertThat(rig.counter(SipCounter.STRAY_ALIASES)).isEqualTo(1);
  }

  @Test
  void al07AndAl08AliasesWithAMac() {
    final EdgeRig.Client alice = rig.client(EdgeRig.ALICE, policy(EdgePolicy.Mode.ALIAS, true));
    alice.says(INVITE);
    final String contact = values(rig.coreHears(), "Contact").get(0);
    final String alias = contact.replaceAll(".*(;alias=[^;]*;aliasmac=[0-9a-f]{16});.*", "$1");
    assertThat(alias).startsWith(ALIAS + ";aliasmac=");
    rig.coreSays(aliased(alias));
    assertThat(startLine(alice.hears())).isEqualTo("INVITE sip:alice@x.invalid SIP/2.0");
    assertThat(refused(aliased(ALIAS))).isEqualTo("403 Forbidden");
    assertThat(refused(aliased(ALIAS + ";aliasmac=0123456789abcdef"))).isEqualTo("403 Forbidden");
    alice.leaves();
    assertThat(refused(aliased(alias))).isEqualTo("430 Flow Failed");
    assertThat(refused(aliased(ALIAS))).isEqualTo("404 Not Found");
  }

  @Test
  void c63FlowOfAnAliasHasGone() {
    alice();
    rig.result(EdgeRig.ALICE, SendResult.NOT_OPEN);
    assertThat(refused(aliased(ALIAS))).isEqualTo("480 Temporarily Unavailable");
  }

  @Test
  void al09RegistrationIsAnsweredWithoutItsAlias() {
    final EdgeRig.Client alice = alice();
    alice.says(REGISTER);
    final String sent = rig.coreHears();
    final String rest =
        "Via: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK4711001\n"
            + "To: <sip:alice@example.com>;tag=r\nFrom: <sip:alice@example.com>;tag=f1a2\n"
            + "Call-ID: reg-aaa111\nCSeq: 1 REGISTER\n"
            + "Contact: <sip:other@y.invalid;alias=198.51.100.1~1~6>;expires=1\n"
            + "Contact: <sip:u8k2p0qz@df7jal23ls0d.invalid%s;transport=ws>;reg-id=1\n"
            + "Content-Length: 0\n\n";
    rig.coreSays(
        "SIP/2.0 200 OK\nVia: " + values(sent, "Via").get(0) + "\n" + rest.formatted(ALIAS));
    assertThat(alice.hears()).isEqualTo(crlf("SIP/2.0 200 OK\n" + rest.formatted("")));
  }

  /** Route values of this side without a token are as good as one, where there are only aliases. */
  @Test
  void dialogOfAClientWithAliases() {
    final EdgeRig.Client alice = alice();
    alice.says(replaced(ACK, EdgeRig.ALICE_TOKEN + "@", "").replace("ACK", "BYE"));
    assertThat(values(rig.coreHears(), "Route")).isEmpty();
    final EdgeRig.Client carol = rig.carol();
    carol.says(replaced(ACK, EdgeRig.ALICE_TOKEN + "@", "").replace("ACK", "BYE"));
    assertThat(startLine(carol.hears())).isEqualTo("SIP/2.0 403 Forbidden");
  }

  /** A token that has gone, and an alias that has not: the client has come back. */
  @Test
  void aliasAfterATokenThatHasGone() {
    final EdgePolicy both = policy(EdgePolicy.Mode.BOTH, false);
    rig.client(EdgeRig.ALICE, both).leaves();
    final EdgeRig.Client again = rig.client(EdgeRig.ALICE + 1, both);
    rig.coreSays(before(aliased(ALIAS), "To", "Route: " + RR_CORE + "," + RR_CLIENT + "\n"));
    assertThat(startLine(again.hears())).isEqualTo("INVITE sip:alice@x.invalid SIP/2.0");
    assertThat(refused(CORE_INVITE)).isEqualTo("430 Flow Failed");
  }

  @Test
  void withoutAliasModeAliasesMeanNothing() {
    final EdgeRig.Client alice = rig.alice();
    assertThat(refused(aliased(ALIAS))).isEqualTo("404 Not Found");
    alice.says(INVITE);
    assertThat(rig.coreHears()).contains(CONTACT).doesNotContain("alias=");
  }
}
