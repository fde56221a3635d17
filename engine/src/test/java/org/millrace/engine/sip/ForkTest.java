package org.millrace.engine.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.sip.EmbeddedCoreCallTest.sameTransaction;
import static org.millrace.engine.sip.SipClient.startLine;
import static org.millrace.engine.sip.SipClient.values;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An INVITE to a user with several contacts rings at all of them (RFC 3261 section 16.7). */
class ForkTest {
  private SipRig rig;
  private SipClient alice;
  private SipClient desk;
  private SipClient phone;
  private String invite;
  private String atDesk;
  private String atPhone;

  @AfterEach
  void close() {
    rig.close();
  }

  private void call(int shards, EmbeddedCoreContext context) {
    rig = new SipRig(shards, context);
    alice = rig.open("alice").registered();
    desk = second("desk");
    phone = second("phone");
    invite = alice.invite("bob", "fork-1");
    alice.says(invite);
    assertThat(startLine(alice.hears())).isEqualTo("SIP/2.0 100 Trying");
    atDesk = desk.hears();
    atPhone = phone.hears();
  }

  private void call(int shards) {
    call(shards, new EmbeddedCoreContext());
  }

  /** Another device of bob. */
  private SipClient second(String name) {
    final SipClient client = rig.open(name);
    client.says(
        client.register(600).replace("<sip:" + name + "@example.com>", "<sip:bob@example.com>"));
    assertThat(startLine(client.hears())).isEqualTo("SIP/2.0 200 OK");
    return client;
  }

  private void ring() {
    desk.says(desk.answer(atDesk, 180, ""));
    assertThat(startLine(alice.hears())).isEqualTo("SIP/2.0 180 Answer");
    phone.says(phone.answer(atPhone, 180, ""));
    assertThat(startLine(alice.hears())).isEqualTo("SIP/2.0 180 Answer");
  }

  /** The CANCEL or ACK that a contact hears is of the transaction of its INVITE. */
  private static String hears(SipClient client, String method, String invite) {
    final String request = client.hears();
    assertThat(startLine(request)).isEqualTo(startLine(invite).replace("INVITE", method));
    assertThat(values(request, "Via")).containsExactly(values(invite, "Via").get(0));
    assertThat(values(request, "CSeq")).containsExactly("1 " + method);
    assertThat(values(request, "From")).isEqualTo(values(invite, "From"));
    assertThat(values(request, "Call-ID")).isEqualTo(values(invite, "Call-ID"));
    return request;
  }

  private void refuses(SipClient client, String request, int status) {
    client.says(client.answer(request, status, ""));
    assertThat(values(hears(client, "ACK", request), "To").get(0))
        .contains(";tag=" + tagOf(client));
  }

  private String tagOf(SipClient client) {
    return client == desk ? "desktag" : "phonetag";
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void whoAnswersFirstHasTheCall(int shards) {
    call(shards);
    assertThat(values(atDesk, "Via").get(0)).isNotEqualTo(values(atPhone, "Via").get(0));
    ring();
    desk.says(desk.answer(atDesk, 200, "Contact: <" + desk.contactUri() + ">\n"));
    final String ok = alice.hears();
    assertThat(startLine(ok)).isEqualTo("SIP/2.0 200 Answer");
    assertThat(values(ok, "Via")).hasSize(1);
    final String cancel = hears(phone, "CANCEL", atPhone);
    phone.says(phone.answer(cancel, 200, ""));
    refuses(phone, atPhone, 487);
    alice.hearsNothing();
    desk.hearsNothing();

    final var routes = values(ok, "Record-Route");
    alice.says(
        alice.request("ACK", desk.contactUri(), "sip:bob@example.com", "desktag", "fork-1", 1)
            + "Route: "
            + routes.get(1)
            + "\nRoute: "
            + routes.get(0)
            + "\nContent-Length: 0\n\n");
    assertThat(startLine(desk.hears())).startsWith("ACK " + desk.contactUri());
    assertThat(rig.core().forkCount()).isEqualTo(1);
    rig.advance(Duration.ofSeconds(32));
    assertThat(rig.core().forkCount()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void bestOfAllRefusals(int shards) {
    call(shards);
    ring();
    refuses(phone, atPhone, 503);
    alice.hearsNothing();
    refuses(desk, atDesk, 486);
    final String answer = alice.hears();
    assertThat(startLine(answer)).isEqualTo("SIP/2.0 486 Answer");
    assertThat(values(answer, "Via")).hasSize(1);
    alice.says(sameTransaction(invite, "ACK", ";tag=desktag"));
    desk.hearsNothing();
    phone.hearsNothing();
    refuses(desk, atDesk, 486); // once more: only acknowledged
    alice.hearsNothing();
    alice.says(invite);
    alice.hearsNothing();
    desk.hearsNothing();
  }

  @Test
  void refusedByOneTakenByTheOther() {
    call(2);
    refuses(phone, atPhone, 486);
    desk.says(desk.answer(atDesk, 200, ""));
    assertThat(startLine(alice.hears())).isEqualTo("SIP/2.0 200 Answer");
    phone.hearsNothing();
  }

  @Test
  void declinedForAll() {
    call(2);
    ring();
    refuses(phone, atPhone, 603);
    alice.hearsNothing();
    desk.says(desk.answer(hears(desk, "CANCEL", atDesk), 200, ""));
    refuses(desk, atDesk, 487);
    assertThat(startLine(alice.hears())).isEqualTo("SIP/2.0 603 Answer");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void cancelledByTheCaller(int shards) {
    call(shards);
    desk.says(desk.answer(atDesk, 180, ""));
    assertThat(startLine(alice.hears())).isEqualTo("SIP/2.0 180 Answer");
    alice.says(sameTransaction(invite, "CANCEL", ""));
    final String ok = alice.hears();
    assertThat(startLine(ok)).isEqualTo("SIP/2.0 200 OK");
    assertThat(values(ok, "CSeq")).containsExactly("1 CANCEL");
    desk.says(desk.answer(hears(desk, "CANCEL", atDesk), 200, ""));
    phone.hearsNothing(); // not before it has answered provisionally: section 9.1
    phone.says(phone.answer(atPhone, 100, ""));
    phone.says(phone.answer(hears(phone, "CANCEL", atPhone), 200, ""));
    refuses(desk, atDesk, 487);
    refuses(phone, atPhone, 487);
    assertThat(startLine(alice.hears())).isEqualTo("SIP/2.0 487 Answer");
    alice.says(sameTransaction(invite, "ACK", ";tag=phonetag"));
    desk.hearsNothing();
    phone.hearsNothing();
    assertThat(rig.counter(SipCounter.FOREIGN_RESPONSES)).isZero();
  }

  @Test
  void nobodyElseCancels() {
    call(1);
    ring();
    final SipClient eve = rig.open("eve");
    eve.says(sameTransaction(invite, "CANCEL", ""));
    assertThat(startLine(desk.hearsAll().isEmpty() ? phone.hears() : "?\r\n")).startsWith("CANCEL");
    // a stray CANCEL of a branch that the contact does not know
    desk.says(desk.answer(atDesk, 200, ""));
    assertThat(startLine(alice.hears())).isEqualTo("SIP/2.0 200 Answer");
  }

  @Test
  void ringsTooLong() {
    call(2, new EmbeddedCoreContext().forkTimeout(Duration.ofMinutes(1)));
    desk.says(desk.answer(atDesk, 180, ""));
    alice.hears();
    rig.advance(Duration.ofSeconds(59));
    alice.hearsNothing();
    rig.advance(Duration.ofSeconds(1));
    assertThat(startLine(alice.hears())).isEqualTo("SIP/2.0 408 Request Timeout");
    desk.says(desk.answer(hears(desk, "CANCEL", atDesk), 200, ""));
    refuses(desk, atDesk, 487);
    phone.hearsNothing();
    rig.advance(Duration.ofSeconds(32));
    rig.advance(Duration.ofSeconds(32));
    alice.hearsNothing();
    assertThat(rig.core().forkCount()).isZero();
  }

  @Test
  void contactsAndCallerGone() {
    call(2);
    ring();
    phone.wire().fail(new IOException("gone"));
    rig.advance(Duration.ofSeconds(1));
    alice.hearsNothing();
    desk.wire().fail(new IOException("gone"));
    rig.advance(Duration.ofSeconds(1));
    assertThat(startLine(alice.hears())).isEqualTo("SIP/2.0 480 Temporarily Unavailable");
    rig.close();

    call(2);
    ring();
    alice.wire().fail(new IOException("gone"));
    rig.advance(Duration.ofSeconds(1));
    desk.says(desk.answer(hears(desk, "CANCEL", atDesk), 200, ""));
    hears(phone, "CANCEL", atPhone);
    refuses(desk, atDesk, 487);
    refuses(phone, atPhone, 487);
    rig.advance(Duration.ofSeconds(32));
    assertThat(rig.core().forkCount()).isZero();
  }

  @Test
  void fullTableRingsAtTheLastRefreshed() {
    rig = new SipRig(1, new EmbeddedCoreContext().maxForks(0));
    alice = rig.open("alice").registered();
    desk = second("desk");
    phone = second("phone");
    alice.says(alice.invite("bob", "c"));
    alice.hearsNothing();
    desk.hearsNothing();
    assertThat(startLine(phone.hears())).startsWith("INVITE");
    assertThat(rig.counter(SipCounter.FORKS_REFUSED)).isEqualTo(1);
    alice.says(alice.message("bob", "x")); // never forked
    assertThat(startLine(phone.hears())).startsWith("MESSAGE");
    desk.hearsNothing();
  }
}
