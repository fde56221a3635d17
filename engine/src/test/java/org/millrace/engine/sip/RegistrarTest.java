package org.millrace.engine.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.sip.SipClient.startLine;
import static org.millrace.engine.sip.SipClient.values;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Registration: RFC 3261 section 10.3, RFC 5626 section 6, B-25, B-32. */
class RegistrarTest {
  private final SipRig rig =
      new SipRig(new EmbeddedCoreContext().maxContactsPerUser(2).maxBindings(3));

  private String plain(SipClient client, String contacts, int cseq, String callId) {
    return client.request("REGISTER", "sip:example.com", client.address(), "", callId, cseq)
        + contacts
        + "Content-Length: 0\n\n";
  }

  private String status(SipClient client, String request) {
    client.says(request);
    return startLine(client.hears());
  }

  @Test
  void sp11TheOwnContactIsFoundInThe200() {
    try (rig) {
      final SipClient alice = rig.open("alice");
      alice.says(alice.register(600));
      final String ok = alice.hears();
      assertThat(startLine(ok)).isEqualTo("SIP/2.0 200 OK");
      assertThat(values(ok, "Via")).hasSize(1);
      assertThat(values(ok, "To").get(0)).contains(";tag=");
      assertThat(values(ok, "Contact"))
          .containsExactly(
              "<" + alice.contactUri() + ">;reg-id=1;" + alice.instance() + ";expires=600");
      assertThat(values(ok, "Require")).containsExactly("outbound");
      assertThat(values(ok, "Supported")).containsExactly("path, outbound");
      assertThat(rig.core().bindingCount()).isEqualTo(1);
      assertThat(rig.core().bindings(10)).hasSize(1);
      assertThat(rig.core().bindingsOf("alice@example.com").get(0).remainingSeconds())
          .isEqualTo(600);
    }
  }

  @Test
  void withoutOutboundNothingIsRequired() {
    try (rig) {
      final SipClient alice = rig.open("alice");
      alice.says(alice.register(600).replace("path,gruu,outbound", "path"));
      assertThat(alice.hears()).doesNotContain("Require");
    }
  }

  @Test
  void remainingTimeAndQuery() {
    try (rig) {
      final SipClient alice = rig.open("alice").registered();
      rig.passUnnoticed(Duration.ofMillis(1500));
      alice.says(plain(alice, "", 9, "query"));
      assertThat(values(alice.hears(), "Contact").get(0)).endsWith(";expires=599");
      rig.passUnnoticed(Duration.ofSeconds(599));
      alice.says(plain(alice, "", 10, "query"));
      assertThat(values(alice.hears(), "Contact")).isEmpty();
    }
  }

  @Test
  void expiry() {
    try (rig) {
      final SipClient alice = rig.open("alice").registered();
      final SipClient bob = rig.open("bob");
      rig.passUnnoticed(Duration.ofMinutes(10));
      assertThat(status(bob, bob.message("alice", "x")))
          .isEqualTo("SIP/2.0 480 Temporarily Unavailable");
      alice.hearsNothing();
      assertThat(rig.core().bindingCount()).isEqualTo(1);
      rig.core().poll();
      assertThat(rig.core().bindingCount()).isZero();
      assertThat(status(bob, bob.message("alice", "x"))).isEqualTo("SIP/2.0 404 Not Found");
    }
  }

  @Test
  void expiresOfContactBeforeHeaderBeforeDefault() {
    try (rig) {
      final SipClient alice = rig.open("alice");
      alice.says(plain(alice, "Contact: <sip:a@h>;expires=100\nExpires: 200\n", 1, "c"));
      assertThat(values(alice.hears(), "Contact").get(0)).endsWith(";expires=100");
      alice.says(plain(alice, "Contact: <sip:a@h>\nExpires: 200\n", 2, "c"));
      assertThat(values(alice.hears(), "Contact")).containsExactly("<sip:a@h>;expires=200");
      alice.says(plain(alice, "m: sip:a@h;q=0.5\n", 3, "c"));
      assertThat(values(alice.hears(), "Contact")).containsExactly("<sip:a@h>;q=0.5;expires=600");
      alice.says(plain(alice, "Contact: <sip:a@h>;expires=x\n", 4, "c"));
      assertThat(values(alice.hears(), "Contact").get(0)).endsWith(";expires=600");
      alice.says(plain(alice, "Contact: <sip:a@h>;expires=99999999\n", 5, "c"));
      assertThat(values(alice.hears(), "Contact").get(0)).endsWith(";expires=3600");
      alice.says(plain(alice, "Contact: <sip:a@h>;expires=59\n", 6, "c"));
      final String brief = alice.hears();
      assertThat(startLine(brief)).isEqualTo("SIP/2.0 423 Interval Too Brief");
      assertThat(values(brief, "Min-Expires")).containsExactly("60");
    }
  }

  @Test
  void deregistration() {
    try (rig) {
      final SipClient alice = rig.open("alice").registered();
      alice.says(alice.register(0));
      assertThat(values(alice.hears(), "Contact")).isEmpty();
      assertThat(rig.core().bindingCount()).isZero();

      alice.registered();
      assertThat(status(alice, plain(alice, "Contact: *\n", 1, "c")))
          .isEqualTo("SIP/2.0 400 Bad Request");
      assertThat(status(alice, plain(alice, "Contact: *\nExpires: 1\n", 2, "c")))
          .isEqualTo("SIP/2.0 400 Bad Request");
      assertThat(
              status(alice, plain(alice, "Contact: *\nContact: <sip:a@h>\nExpires: 0\n", 3, "c")))
          .isEqualTo("SIP/2.0 400 Bad Request");
      assertThat(rig.core().bindingCount()).isEqualTo(1);
      assertThat(status(alice, plain(alice, "Contact: *\nExpires: 0\n", 4, "c")))
          .isEqualTo("SIP/2.0 200 OK");
      assertThat(rig.core().bindingCount()).isZero();
    }
  }

  @Test
  void orderOfRequests() {
    try (rig) {
      final SipClient alice = rig.open("alice");
      final String contact = "Contact: <sip:a@h>\n";
      assertThat(status(alice, plain(alice, contact, 5, "c"))).isEqualTo("SIP/2.0 200 OK");
      assertThat(status(alice, plain(alice, contact, 5, "c")))
          .isEqualTo("SIP/2.0 500 CSeq Out Of Order");
      // all of a request or nothing of it
      assertThat(status(alice, plain(alice, "Contact: <sip:z@h>, <sip:a@h>\n", 4, "c")))
          .isEqualTo("SIP/2.0 500 CSeq Out Of Order");
      assertThat(status(alice, plain(alice, "Contact: *\nExpires: 0\n", 4, "c")))
          .isEqualTo("SIP/2.0 500 CSeq Out Of Order");
      assertThat(rig.core().bindingCount()).isEqualTo(1);
      assertThat(status(alice, plain(alice, contact, 6, "c"))).isEqualTo("SIP/2.0 200 OK");
      assertThat(status(alice, plain(alice, contact, 1, "d"))).isEqualTo("SIP/2.0 200 OK");
    }
  }

  @Test
  void newConnectionTakesOverByInstanceAndRegId() {
    try (rig) {
      final SipClient old = rig.open("alice").registered();
      final SipClient fresh = rig.open("alice");
      fresh.says(
          fresh.register(600).replace("alice@alice0host", "x@other").replace("reg-alice", "2"));
      assertThat(values(fresh.hears(), "Contact")).hasSize(1);
      assertThat(rig.core().bindingCount()).isEqualTo(1);
      old.wire().fail(new IOException("gone"));
      rig.step();
      assertThat(rig.core().bindingCount()).isEqualTo(1);
      fresh.wire().fail(new IOException("gone"));
      rig.step();
      assertThat(rig.core().bindingCount()).isZero();
    }
  }

  @Test
  void limits() {
    try (rig) {
      final SipClient alice = rig.open("alice");
      final String two = "Contact: <sip:a@h>\nContact: <sip:b@h>\n";
      assertThat(status(alice, plain(alice, two, 1, "c"))).isEqualTo("SIP/2.0 200 OK");
      assertThat(status(alice, plain(alice, two, 2, "c"))).isEqualTo("SIP/2.0 200 OK");
      assertThat(status(alice, plain(alice, "Contact: <sip:c@h>\n", 3, "c")))
          .isEqualTo("SIP/2.0 403 Too Many Contacts");
      final SipClient bob = rig.open("bob");
      bob.says(plain(bob, two, 1, "c"));
      final String full = bob.hears();
      assertThat(startLine(full)).isEqualTo("SIP/2.0 503 Service Unavailable");
      assertThat(values(full, "Retry-After")).isNotEmpty();
      assertThat(rig.core().bindingCount()).isEqualTo(2);
    }
  }

  @Test
  void addressesOfOneConnection() {
    try (SipRig wide = new SipRig()) {
      final SipClient alice = wide.open("alice");
      for (int i = 0; i < 1100; i++) {
        final String other = "To: <sip:u" + i + "@";
        final boolean fits = i < 1024;
        assertThat(status(alice, alice.register(600).replace("To: <sip:alice@", other)))
            .isEqualTo(fits ? "SIP/2.0 200 OK" : "SIP/2.0 403 Too Many Contacts");
      }
      assertThat(wide.core().bindingCount()).isEqualTo(1024);
      assertThat(wide.core().addressCount()).isEqualTo(1024);
      assertThat(status(alice, alice.register(0).replace("To: <sip:alice@", "To: <sip:u7@")))
          .isEqualTo("SIP/2.0 200 OK");
      assertThat(status(alice, alice.register(600))).isEqualTo("SIP/2.0 200 OK");
    }
  }

  @Test
  void refusals() {
    try (rig) {
      final SipClient alice = rig.open("alice");
      assertThat(status(alice, plain(alice, "Contact: <tel:1>\n", 1, "c")))
          .isEqualTo("SIP/2.0 400 Bad Request");
      assertThat(status(alice, plain(alice, "Contact: <sip:a@h\n", 2, "c")))
          .isEqualTo("SIP/2.0 400 Bad Request");
      alice.says(plain(alice, "Require: outbound, foo\nRequire: bar\n", 3, "c"));
      final String answer = alice.hears();
      assertThat(startLine(answer)).isEqualTo("SIP/2.0 420 Bad Extension");
      assertThat(values(answer, "Unsupported")).containsExactly("foo, bar");
      alice.says(alice.register(600).replace("To: <sip:alice@", "To: <sip:"));
      assertThat(startLine(alice.hears())).isEqualTo("SIP/2.0 400 Bad Request");
      alice.says(
          alice.register(600).replaceFirst("Via: ", "Via: SIP/2.0/WS b;branch=z9hG4bKb\nVia: "));
      assertThat(startLine(alice.hears()))
          .isEqualTo("SIP/2.0 439 First Hop Lacks Outbound Support");
    }
  }

  @Test
  void foreignDomain() {
    try (SipRig own = new SipRig(new EmbeddedCoreContext().domain("Example.org"))) {
      final SipClient alice = own.open("alice");
      assertThat(status(alice, alice.register(600))).isEqualTo("SIP/2.0 404 Not Found");
      assertThat(status(alice, alice.register(600).replace("example.com", "example.ORG")))
          .isEqualTo("SIP/2.0 200 OK");
      assertThat(own.core().bindingsOf("alice@example.org")).hasSize(1);
      final SipClient bob = own.open("bob");
      assertThat(status(bob, bob.message("alice", "x"))).isEqualTo("SIP/2.0 404 Not Found");
      bob.says(bob.message("%61lice", "x").replace("example.com", "EXAMPLE.org"));
      assertThat(alice.hears()).endsWith("x");
    }
  }
}
