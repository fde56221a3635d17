package org.millrace.engine.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.sip.SipClient.startLine;
import static org.millrace.engine.sip.SipClient.values;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls and messages between two clients, on the same and on different shards. */
class EmbeddedCoreCallTest {
  private static String routes(List<String> recordRoutes) {
    final StringBuilder routes = new StringBuilder();
    recordRoutes.forEach(route -> routes.append("Route: ").append(route).append('\n'));
    return routes.toString();
  }

  private static List<String> reversed(List<String> list) {
    final List<String> copy = new ArrayList<>(list);
    Collections.reverse(copy);
    return copy;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void messageAndItsAnswer(int shards) {
    try (SipRig rig = new SipRig(shards)) {
      final SipClient alice = rig.open("alice").registered();
      final SipClient bob = rig.open("bob").registered();

      alice.says(alice.message("bob", "hello"));
      final String message = bob.hears();
      assertThat(startLine(message)).isEqualTo("MESSAGE " + bob.contactUri() + " SIP/2.0");
      assertThat(values(message, "Via")).hasSize(2);
      assertThat(values(message, "Via").get(0))
          .matches(
              "SIP/2\\.0/WSS edge\\.example\\.com:443;branch=z9hG4bKe1\\.[\\w-]{16};eret=[\\w-]{40}");
      assertThat(values(message, "Max-Forwards")).containsExactly("68");
      assertThat(message).endsWith("\r\n\r\nhello").doesNotContain("Record-Route");

      bob.says(bob.answer(message, 200, ""));
      final String answer = alice.hears();
      assertThat(startLine(answer)).isEqualTo("SIP/2.0 200 Answer");
      assertThat(values(answer, "Via"))
          .containsExactly("SIP/2.0/WSS alice0host.invalid;branch=z9hG4bK1001");
      assertThat(rig.counter(SipCounter.FORWARDED_REQUESTS)).isEqualTo(1);
      assertThat(rig.counter(SipCounter.FORWARDED_RESPONSES)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void callFromInviteToBye(int shards) {
    try (SipRig rig = new SipRig(shards)) {
      final SipClient alice = rig.open("alice").registered();
      final SipClient bob = rig.open("bob").registered();

      alice.says(alice.invite("bob", "call-1"));
      final String invite = bob.hears();
      assertThat(values(invite, "Record-Route")).hasSize(2);
      assertThat(values(invite, "Contact")).containsExactly("<" + alice.contactUri() + ";ob>");
      bob.says(bob.answer(invite, 180, ""));
      assertThat(startLine(alice.hears())).isEqualTo("SIP/2.0 180 Answer");
      bob.says(bob.answer(invite, 200, "Contact: <" + bob.contactUri() + ";ob>\n"));
      final String ok = alice.hears();
      assertThat(values(ok, "Via")).hasSize(1);
      final List<String> recorded = values(ok, "Record-Route");
      assertThat(recorded).isEqualTo(values(invite, "Record-Route"));

      // UAC: Record-Route reversed; UAS: as it is (RFC 3261 section 12.1)
      final String fromAlice = routes(reversed(recorded));
      final String fromBob = routes(recorded);
      alice.says(
          alice.request("ACK", bob.contactUri(), "sip:bob@example.com", "bobtag", "call-1", 1)
              + fromAlice
              + "Content-Length: 0\n\n");
      final String ack = bob.hears();
      assertThat(startLine(ack)).isEqualTo("ACK " + bob.contactUri() + " SIP/2.0");
      assertThat(ack).doesNotContain("Route: ");

      alice.says(
          alice.request("INFO", bob.contactUri(), "sip:bob@example.com", "bobtag", "call-1", 2)
              + fromAlice
              + "Content-Length: 0\n\n");
      bob.says(bob.answer(bob.hears(), 200, ""));
      assertThat(startLine(alice.hears())).isEqualTo("SIP/2.0 200 Answer");

      bob.says(
          bob.request("BYE", alice.contactUri() + ";ob", alice.address(), "alicetag", "call-1", 7)
              + fromBob
              + "Content-Length: 0\n\n");
      final String bye = alice.hears();
      assertThat(startLine(bye)).isEqualTo("BYE " + alice.contactUri() + ";ob SIP/2.0");
      alice.says(alice.answer(bye, 200, ""));
      assertThat(startLine(bob.hears())).isEqualTo("SIP/2.0 200 Answer");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void cancelFollowsInvite(int shards) {
    try (SipRig rig = new SipRig(shards)) {
      final SipClient alice = rig.open("alice").registered();
      final SipClient bob = rig.open("bob").registered();

      final String said = alice.invite("bob", "call-2");
      alice.says(said);
      final String invite = bob.hears();
      alice.says(sameTransaction(said, "CANCEL", ""));
      final String cancel = bob.hears();
      assertThat(startLine(cancel)).isEqualTo("CANCEL " + bob.contactUri() + " SIP/2.0");
      assertThat(values(cancel, "Via").get(0)).isEqualTo(values(invite, "Via").get(0));

      bob.says(bob.answer(cancel, 200, ""));
      assertThat(startLine(alice.hears())).isEqualTo("SIP/2.0 200 Answer");
      bob.says(bob.answer(invite, 487, ""));
      assertThat(startLine(alice.hears())).isEqualTo("SIP/2.0 487 Answer");
      alice.says(sameTransaction(said, "ACK", ";tag=bobtag"));
      final String ack = bob.hears();
      assertThat(startLine(ack)).isEqualTo("ACK " + bob.contactUri() + " SIP/2.0");
      assertThat(values(ack, "Via").get(0)).isEqualTo(values(invite, "Via").get(0));
    }
  }

  /** CANCEL, or the ACK of a failure, for an INVITE. */
  static String sameTransaction(String invite, String method, String toTag) {
    final StringBuilder request = new StringBuilder();
    for (final String line : invite.substring(0, invite.indexOf("\n\n")).split("\n", -1)) {
      if (line.startsWith("INVITE ")) {
        request.append(method).append(line.substring(6)).append('\n');
      } else if (line.startsWith("CSeq")) {
        request.append(line.replace("INVITE", method)).append('\n');
      } else if (line.startsWith("To:")) {
        request.append(line).append(toTag).append('\n');
      } else if (line.matches("(Via|From|Call-ID|Max-Forwards|Route):.*")) {
        request.append(line).append('\n');
      }
    }
    return request + "Content-Length: 0\n\n";
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void connectionKilledMidCall(int shards) {
    try (SipRig rig = new SipRig(shards)) {
      final SipClient alice = rig.open("alice").registered();
      final SipClient bob = rig.open("bob").registered();
      alice.says(alice.invite("bob", "call-3"));
      final String invite = bob.hears();
      bob.says(bob.answer(invite, 200, "Contact: <" + bob.contactUri() + ">\n"));
      final String routes = routes(reversed(values(alice.hears(), "Record-Route")));

      bob.wire().fail(new IOException("killed"));
      rig.step();
      assertThat(rig.core().bindingsOf("bob@example.com")).isEmpty();
      alice.says(
          alice.request("BYE", bob.contactUri(), "sip:bob@example.com", "bobtag", "call-3", 2)
              + routes
              + "Content-Length: 0\n\n");
      assertThat(startLine(alice.hears())).isEqualTo("SIP/2.0 430 Flow Failed");
      alice.says(
          alice.request("ACK", bob.contactUri(), "sip:bob@example.com", "bobtag", "call-3", 1)
              + routes
              + "Content-Length: 0\n\n");
      alice.hearsNothing();
      alice.says(alice.invite("bob", "call-4"));
      assertThat(startLine(alice.hears())).isEqualTo("SIP/2.0 404 Not Found");
    }
  }

  @Test
  void callerComesBackOverAnotherConnection() {
    try (SipRig rig = new SipRig()) {
      final SipClient alice = rig.open("alice").registered();
      final SipClient bob = rig.open("bob").registered();
      alice.says(alice.invite("bob", "call-5"));
      bob.says(bob.answer(bob.hears(), 200, "Contact: <" + bob.contactUri() + ">\n"));
      final String routes = routes(reversed(values(alice.hears(), "Record-Route")));
      alice.wire().fail(new IOException("killed"));
      rig.step();

      final SipClient again = rig.open("alice").registered();
      again.says(
          again.request("BYE", bob.contactUri(), "sip:bob@example.com", "bobtag", "call-5", 9)
              + routes
              + "Content-Length: 0\n\n");
      bob.says(bob.answer(bob.hears(), 200, ""));
      assertThat(startLine(again.hears())).isEqualTo("SIP/2.0 200 Answer");
    }
  }
}
