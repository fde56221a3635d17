package org.millrace.engine.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.sip.SipClient.startLine;
import static org.millrace.engine.sip.SipClient.values;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is answered here, and what must not get through. */
class CoreRequestTest {
  private final SipRig rig = new SipRig();

  private String status(SipClient client, String request) {
    client.says(request);
    return startLine(client.hears());
  }

  @Test
  void ep14HopsAreSpent() {
    try (rig) {
      final SipClient alice = rig.open("alice");
      final SipClient bob = rig.open("bob").registered();
      final String invite = alice.invite("bob", "c");
      alice.says(invite.replace("Max-Forwards: 69", "Max-Forwards: 0"));
      final String answer = alice.hears();
      assertThat(startLine(answer)).isEqualTo("SIP/2.0 483 Too Many Hops");
      assertThat(values(answer, "To").get(0)).contains(";tag=");
      assertThat(values(answer, "Content-Length")).containsExactly("0");
      alice.says(
          EmbeddedCoreCallTest.sameTransaction(invite, "ACK", ";tag=x")
              .replace("Max-Forwards: 69", "Max-Forwards: 0"));
      alice.hearsNothing();
      bob.hearsNothing();
      alice.says(invite.replace("Max-Forwards: 69\n", ""));
      assertThat(values(bob.hears(), "Max-Forwards")).containsExactly("70");
    }
  }

  @Test
  void ep15OptionsWithoutHopsAndToTheCore() {
    try (rig) {
      final SipClient alice = rig.open("alice");
      rig.open("bob").registered();
      final String options =
          alice.request("OPTIONS", "sip:bob@example.com", "sip:bob@example.com", "", "c", 1)
              + "Content-Length: 0\n\n";
      assertThat(status(alice, options.replace("Max-Forwards: 69", "Max-Forwards: 0")))
          .isEqualTo("SIP/2.0 200 OK");
      alice.says(options.replace("OPTIONS sip:bob@", "OPTIONS sip:"));
      final String answer = alice.hears();
      assertThat(startLine(answer)).isEqualTo("SIP/2.0 200 OK");
      assertThat(values(answer, "Allow").get(0)).contains("INVITE").contains("REGISTER");
    }
  }

  @Test
  void ep16Extensions() {
    try (rig) {
      final SipClient alice = rig.open("alice");
      final SipClient bob = rig.open("bob").registered();
      alice.says(
          alice.message("bob", "x").replace("Content-Type", "Proxy-Require: foo\nContent-Type"));
      final String answer = alice.hears();
      assertThat(startLine(answer)).isEqualTo("SIP/2.0 420 Bad Extension");
      assertThat(values(answer, "Unsupported")).containsExactly("foo");
      alice.says(alice.message("bob", "x").replace("Content-Type", "Require: foo\nContent-Type"));
      assertThat(values(bob.hears(), "Require")).containsExactly("foo");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "MESSAGE,mailto:a@b,416 Unsupported URI Scheme",
    "MESSAGE,tel:+49123,404 Not Found",
    "MESSAGE,sip:nobody@example.com,404 Not Found",
    "MESSAGE,sip:@example.com,400 Bad Request",
    "MESSAGE,sip:a@,400 Bad Request",
    "MESSAGE,nocolon,400 Bad Request",
    "MESSAGE,sip:a%zz@example.com,400 Bad Request",
    "MESSAGE,sip:a@example.com:99999,400 Bad Request",
    "MESSAGE,sip:example.com,405 Method Not Allowed",
    "FOO,sip:example.com,501 Not Implemented",
    "FOO,sip:nobody@example.com,404 Not Found",
  })
  void requestUris(String method, String uri, String expected) {
    try (rig) {
      final SipClient alice = rig.open("alice");
      final String request =
          alice.request(method, uri, "sip:x@example.com", "", "c", 1) + "Content-Length: 0\n\n";
      assertThat(status(alice, request)).isEqualTo("SIP/2.0 " + expected);
      alice.says(
          alice.request("ACK", uri, "sip:x@example.com", "", "c", 1) + "Content-Length: 0\n\n");
      alice.hearsNothing();
    }
  }

  @Test
  void unknownMethodIsForwarded() {
    try (rig) {
      final SipClient alice = rig.open("alice");
      final SipClient bob = rig.open("bob").registered();
      alice.says(
          alice.request("FOO", "sip:bob@example.com", "sip:bob@example.com", "", "c", 1)
              + "Content-Length: 0\n\n");
      assertThat(startLine(bob.hears())).isEqualTo("FOO " + bob.contactUri() + " SIP/2.0");
    }
  }

  @Test
  void ep18SameTagAndTheAckIsAbsorbed() {
    try (rig) {
      final SipClient alice = rig.open("alice");
      final String invite = alice.invite("nobody", "c");
      alice.says(invite);
      final String first = alice.hears();
      alice.says(invite);
      assertThat(alice.hears()).isEqualTo(first);
      final String tag = values(first, "To").get(0).replaceFirst(".*;tag=", "");
      final SipClient nobody = rig.open("nobody").registered();
      alice.says(EmbeddedCoreCallTest.sameTransaction(invite, "ACK", ";tag=" + tag));
      alice.hearsNothing();
      nobody.hearsNothing();
      assertThat(rig.counter(SipCounter.ABSORBED_ACKS)).isEqualTo(1);
    }
  }

  @Test
  void sp10IdentityOfTheHandshake() {
    try (rig) {
      final SipClient alice = rig.open("alice", "alice@Example.com");
      final SipClient bob = rig.open("bob", "sip:bob").registered();
      alice.registered();
      final String message = alice.message("bob", "x");
      assertThat(status(alice, message.replace("<sip:alice@", "<sip:bob@")))
          .isEqualTo("SIP/2.0 403 Forbidden");
      assertThat(status(alice, message.replace("<sip:alice@example.com>", "<sip:alice@other.org>")))
          .isEqualTo("SIP/2.0 403 Forbidden");
      assertThat(status(alice, alice.register(600).replace("To: <sip:alice@", "To: <sip:bob@")))
          .isEqualTo("SIP/2.0 403 Forbidden");
      alice.says(
          EmbeddedCoreCallTest.sameTransaction(alice.invite("bob", "c"), "ACK", "")
              .replace("<sip:alice@", "<sip:eve@"));
      alice.hearsNothing();
      bob.hearsNothing();
      assertThat(rig.counter(SipCounter.IDENTITY_REFUSALS)).isEqualTo(4);

      alice.says(
          message.replace(
              "Content-Type", "P-Asserted-Identity: <sip:ceo@example.com>\nContent-Type"));
      final String heard = bob.hears();
      assertThat(heard).doesNotContain("Asserted");
      bob.says(bob.answer(heard, 200, "p-asserted-identity: <sip:ceo@example.com>\n"));
      assertThat(alice.hears()).doesNotContain("sserted");
    }
  }

  @Test
  void ep20ForeignRoutes() {
    try (rig) {
      final SipClient alice = rig.open("alice");
      final SipClient bob = rig.open("bob").registered();
      final String invite =
          alice.invite("bob", "c", "Route: <sip:edge.example.com:443;transport=ws;lr>\n");
      alice.says(invite);
      assertThat(values(bob.hears(), "Route")).isEmpty();
      for (final String route :
          List.of(
              "<sip:eve@edge.example.com;lr>",
              "<tel:1>",
              "<sip:EQYAAAAHAAEAAgAAAAPI0R49ZwWDp64eiOaeRBfj@edge.example.com;lr>")) {
        assertThat(status(alice, alice.invite("bob", "c", "Route: " + route + "\n")))
            .isEqualTo("SIP/2.0 403 Forbidden");
      }
      bob.hearsNothing();
    }
    try (SipRig own = new SipRig(new EmbeddedCoreContext().domain("example.com"))) {
      final SipClient alice = own.open("alice");
      final SipClient bob = own.open("bob").registered();
      assertThat(status(alice, alice.invite("bob", "c", "Route: <sip:198.51.100.66;lr>\n")))
          .isEqualTo("SIP/2.0 403 Forbidden");
      alice.says(alice.invite("bob", "c", "Route: <sip:EDGE.example.com;lr>, <sip:example.com>\n"));
      assertThat(startLine(bob.hears())).startsWith("INVITE");
    }
  }

  @Test
  void ep27TokensAreForDialogs() {
    try (rig) {
      final SipClient alice = rig.open("alice").registered();
      final SipClient bob = rig.open("bob").registered();
      final SipClient carol = rig.open("carol");
      alice.says(alice.invite("bob", "c"));
      final String top = values(bob.hears(), "Record-Route").get(0);
      final String info =
          carol.request("INFO", "sip:bob@x.invalid", "sip:bob@example.com", "", "c", 3)
              + "Route: "
              + top
              + "\nContent-Length: 0\n\n";
      assertThat(status(carol, info)).isEqualTo("SIP/2.0 403 Forbidden");
      carol.says(info.replace("To: <sip:bob@example.com>", "To: <sip:bob@example.com>;tag=1"));
      final String heard = bob.hears();
      bob.says(bob.answer(heard, 481, ""));
      assertThat(startLine(carol.hears())).isEqualTo("SIP/2.0 481 Answer");
      alice.hearsNothing();
    }
  }

  @Test
  void ep12Ep13ForgedResponses() {
    try (rig) {
      final SipClient alice = rig.open("alice").registered();
      final SipClient bob = rig.open("bob").registered();
      alice.says(alice.message("bob", "1"));
      final String first = bob.hears();
      alice.says(alice.message("bob", "2"));
      final String second = bob.hears();
      final String good = bob.answer(first, 200, "");
      final String token = values(first, "Via").get(0).replaceFirst(".*;eret=", "");
      final String otherToken = values(second, "Via").get(0).replaceFirst(".*;eret=", "");
      final List<String> forged =
          List.of(
              good.replace(token, otherToken),
              good.replace(token, token.substring(0, 39) + (token.endsWith("A") ? "B" : "A")),
              good.replace(";eret=" + token, ""),
              good.replace(";eret=", ";eflow="),
              good.replace("alice0host.invalid", "198.51.100.7"),
              good.replaceFirst("Via: .*\n", ""),
              good.replaceFirst("\nVia: SIP/2.0/WSS alice.*", ""),
              good.replace("CSeq: 2", "CSeq: 3"));
      for (final String response : forged) {
        assertThat(response).isNotEqualTo(good);
        bob.says(response);
        alice.hearsNothing();
        bob.hearsNothing();
      }
      assertThat(rig.counter(SipCounter.FOREIGN_RESPONSES)).isEqualTo(forged.size());
      bob.says(good.replaceFirst("\nVia: SIP/2.0/WSS alice", ", SIP/2.0/WSS alice"));
      final String heard = alice.hears();
      assertThat(values(heard, "Via"))
          .containsExactly(good.replaceFirst("(?s).*\nVia: (SIP/2.0/WSS alice[^\n]*).*", "$1"));
    }
  }

  @Test
  void lateResponse() {
    try (rig) {
      final SipClient alice = rig.open("alice").registered();
      final SipClient bob = rig.open("bob").registered();
      alice.says(alice.message("bob", "1"));
      final String message = bob.hears();
      alice.wire().fail(new IOException("gone"));
      rig.step();
      bob.says(bob.answer(message, 200, ""));
      bob.hearsNothing();
      assertThat(rig.counter(SipCounter.LATE_RESPONSES)).isEqualTo(1);
    }
  }

  @Test
  void sp07Rport() {
    try (rig) {
      final SipClient alice = rig.open("alice");
      final SipClient bob = rig.open("bob").registered();
      alice.says(alice.message("bob", "x").replaceFirst("(branch=\\w+)", "$1;rport"));
      assertThat(values(bob.hears(), "Via").get(1)).endsWith(";rport=51234;received=203.0.113.5");
    }
  }

  @Test
  void sp12BranchesAreUniqueTowardsAClient() {
    try (rig) {
      final FlowInfo plain =
          new FlowInfo(false, "[2001:db8::1]", 80, new InetSocketAddress("203.0.113.6", 1), null);
      final SipClient alice = rig.open("alice");
      final SipClient carol = rig.open("carol");
      final SipClient bob = rig.open("bob", plain).registered();
      alice.says(alice.invite("bob", "c"));
      carol.says(carol.invite("bob", "c"));
      final List<SipClient.Received> heard = bob.hearsAll();
      final List<String> tops =
          heard.stream().map(m -> values(m.text(), "Via").get(0)).distinct().toList();
      assertThat(tops).hasSize(2);
      assertThat(tops.get(0)).startsWith("SIP/2.0/WS [2001:db8::1]:80;branch=z9hG4bKe1.");
      assertThat(values(heard.get(0).text(), "Record-Route").get(0)).contains("@[2001:db8::1]:80;");
    }
  }
}
