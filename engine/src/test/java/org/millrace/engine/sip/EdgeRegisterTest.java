package org.millrace.engine.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.sip.EdgeMessages.REGISTER;
import static org.millrace.engine.sip.EdgeMessages.REGISTER_VIA;
import static org.millrace.engine.sip.EdgeMessages.before;
import static org.millrace.engine.sip.EdgeMessages.replaced;
import static org.millrace.engine.sip.SipClient.crlf;
import static org.millrace.engine.sip.SipClient.startLine;
import static org.millrace.engine.sip.SipClient.values;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** EP-01, EP-02 and their variants; C-20 to C-34. */
class EdgeRegisterTest {
  private static final String PATH =
      "<sip:" + EdgeRig.ALICE_TOKEN + "@10.0.0.7:5060;transport=tcp;lr";

  private static final String REST =
      """
      Via: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK4711001
      Path: %s;ob>
      To: <sip:alice@example.com>;tag=reg1
      From: <sip:alice@example.com>;tag=f1a2
      Call-ID: reg-aaa111
      CSeq: 1 REGISTER
      Require: outbound
      Contact: <sip:u8k2p0qz@df7jal23ls0d.invalid;transport=ws>;reg-id=1;+sip.instance="<urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>";expires=600
      Contact: <sip:other@x.invalid>;expires=60
      WWW-Authenticate: Digest realm="example.com", nonce="n", algorithm=MD5
      Content-Length: 0
      """
          .formatted(PATH);

  private final EdgeRig rig = new EdgeRig();

  private static EdgePolicy policy(
      boolean force, boolean require, boolean doubled, boolean single, int timer) {
    return new EdgePolicy(
        EdgePolicy.Mode.OUTBOUND,
        "core",
        force,
        require,
        doubled,
        single,
        false,
        timer,
        false,
        true,
        EdgePolicy.Transactions.AUTO);
  }

  private String register(String request) {
    rig.alice().says(request);
    return rig.coreHears();
  }

  @Test
  void ep01Register() {
    assertThat(register(REGISTER))
        .isEqualTo(
            crlf(
                replaced(
                    before(
                        before(REGISTER, "Via", REGISTER_VIA),
                        "Max-Forwards",
                        "Path: " + PATH + ";ob>\n"),
                    "Max-Forwards: 70",
                    "Max-Forwards: 69")));
  }

  @Test
  void ep01NotTheFirstHop() {
    final String two = "Via: SIP/2.0/TCP 192.0.2.1;branch=z9hG4bKp1\n";
    assertThat(values(register(before(REGISTER, "Via", two)), "Path")).containsExactly(PATH + ">");
    final String inOneLine =
        REGISTER.replace(
            "Via: SIP/2.0/WSS", "Via: SIP/2.0/TCP 192.0.2.1;branch=z9hG4bKp1, SIP/2.0/WSS");
    assertThat(values(register(inOneLine), "Path")).containsExactly(PATH + ">");
  }

  @Test
  void ep01WithoutRegId() {
    assertThat(values(register(REGISTER.replace(";reg-id=1", "")), "Path"))
        .containsExactly(PATH + ">");
    assertThat(values(register(REGISTER.replaceAll("Contact: .*", "Contact: *")), "Path"))
        .containsExactly(PATH + ">");
    assertThat(values(register(REGISTER.replaceAll("Contact: .*\n", "")), "Path"))
        .containsExactly(PATH + ">");
  }

  @Test
  void ep01SecondContactHasTheRegId() {
    assertThat(
            values(
                register(before(REGISTER, "Contact", "m: \"a;reg-id=2,\" <sip:x@y>;q=1\n")),
                "Path"))
        .containsExactly(PATH + ";ob>");
  }

  @Test
  void ep01PathNotSupported() {
    final String request = replaced(REGISTER, "Supported: path, gruu", "Supported: gruu");
    assertThat(values(register(request), "Path")).containsExactly(PATH + ";ob>");

    final EdgePolicy strict = policy(false, false, false, false, 0);
    final EdgeRig.Client carol = rig.client(EdgeRig.CAROL, strict);
    carol.says(request);
    final String answer = carol.hears();
    assertThat(startLine(answer)).isEqualTo("SIP/2.0 421 Extension Required");
    assertThat(values(answer, "Require")).containsExactly("path");
    rig.coreHearsNothing();
    carol.says(REGISTER);
    assertThat(values(rig.coreHears(), "Path")).hasSize(1);
  }

  @Test
  void ep01PathOfTheClientIsRemoved() {
    final String paths = "Path: <sip:evil.example.com;lr>\npAth:\n <sip:more>\n";
    assertThat(register(before(REGISTER, "Max-Forwards", paths)))
        .doesNotContainIgnoringCase("evil")
        .doesNotContain("more");
  }

  @Test
  void requirePath() {
    final EdgeRig.Client alice = rig.client(EdgeRig.ALICE, policy(true, true, false, false, 0));
    alice.says(REGISTER);
    assertThat(values(rig.coreHears(), "Require")).containsExactly("path");
    alice.says(before(REGISTER, "To", "Require: gruu, PATH\n"));
    assertThat(values(rig.coreHears(), "Require")).containsExactly("gruu, PATH");
  }

  @Test
  void doublePathAndSingleRecordRoute() {
    final EdgeRig.Client alice = rig.client(EdgeRig.ALICE, policy(true, false, true, true, 0));
    alice.says(REGISTER);
    assertThat(values(rig.coreHears(), "Path"))
        .containsExactly(
            PATH + ";ob>",
            "<sip:" + EdgeRig.ALICE_TOKEN + "@edge.example.com:443;transport=ws;lr;ob>");
    alice.says(EdgeMessages.INVITE);
    assertThat(values(rig.coreHears(), "Record-Route")).containsExactly(PATH + ">");
    rig.coreSays(EdgeMessages.CORE_INVITE);
    assertThat(values(alice.hears(), "Record-Route")).containsExactly(PATH + ">");
    alice.says(
        EdgeMessages.ACK
            .replace("Route: " + EdgeMessages.RR_CLIENT + "\n", "")
            .replace(EdgeMessages.RR_CORE, PATH + ">"));
    assertThat(values(rig.coreHears(), "Route")).isEmpty();
  }

  @Test
  void secureUrisAreRecordedAsSuch() {
    rig.targets(EdgeRig.target(EdgeRig.TLS_SOCKET, "10.0.0.9", 5061));
    final EdgeRig.Client alice = rig.alice();
    alice.says(EdgeMessages.INVITE.replace("INVITE sip:", "INVITE sips:"));
    assertThat(values(rig.coreHears(), "Record-Route"))
        .containsExactly(
            "<sips:10.0.0.7:5061;transport=tls;lr>",
            EdgeMessages.RR_CLIENT.replace("<sip:", "<sips:"));
  }

  private String answered(int flowTimer, String response) {
    final EdgeRig.Client alice =
        rig.client(EdgeRig.ALICE, policy(true, false, false, false, flowTimer));
    final int line = response.indexOf('\n') + 1;
    rig.coreSays(response.substring(0, line) + REGISTER_VIA + response.substring(line) + "\n");
    return alice.hears();
  }

  @Test
  void ep02FlowTimer() {
    final String ok = "SIP/2.0 200 OK\n" + REST;
    assertThat(answered(120, ok)).isEqualTo(crlf(ok + "Flow-Timer: 120\n\n"));
    assertThat(answered(0, ok)).isEqualTo(crlf(ok + "\n"));
    final String notRequired = ok.replace("Require: outbound", "Require: path");
    assertThat(answered(120, notRequired)).isEqualTo(crlf(notRequired + "\n"));
    final String given = ok + "flow-timer: 30\n";
    assertThat(answered(120, given)).isEqualTo(crlf(given + "\n"));
  }

  /** C-34, B-22; also SP-11: contacts stay, and one Via. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "200 OK",
        "401 Unauthorized",
        "439 First Hop Lacks Outbound Support",
        "430 Flow Failed",
        "503 Service Unavailable"
      })
  void ep02AnswersPass(String status) {
    final String response = "SIP/2.0 " + status + "\n" + REST;
    final String heard = answered(0, response);
    assertThat(heard).isEqualTo(crlf(response + "\n"));
    assertThat(values(heard, "Via")).hasSize(1);
  }
}
