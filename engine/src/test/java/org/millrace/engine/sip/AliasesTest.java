package org.millrace.engine.sip;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** C.7, vectors AL. */
@SuppressWarnings("StringConcatToTextBlock") // lines are replaced one by one
class AliasesTest {
  private static final long ALICE = 0x0001_0002_0000_0003L;
  private static final byte[] OLD_KEY = "0123456789abcdef".getBytes(US_ASCII);
  private static final byte[] NEW_KEY = "fedcba9876543210".getBytes(US_ASCII);

  private final AliasTable table = new AliasTable();
  private final AliasMac macs = new AliasMac(List.of(NEW_KEY, OLD_KEY));
  private final Aliases plain = new Aliases(table, null);
  private final Aliases proved = new Aliases(table, macs);
  private final Splice splice = new Splice();

  private static FlowAddress address(String ip, int port, boolean secure, AliasMac macs) {
    final FlowInfo info =
        new FlowInfo(secure, "edge.example.com", 443, new InetSocketAddress(ip, port), null);
    return FlowAddress.of(info, ALICE, macs);
  }

  private final FlowAddress alice = address("203.0.113.5", 51_234, true, null);

  private static SipMessage invite(String contact) {
    return Text.parsed(Text.request("INVITE", "sip:bob@example.com", "c", contact));
  }

  private String spliced(SipMessage message) {
    final SipWriter text = splice.apply(message.text(), message.offset(), message.end());
    return Text.of(text.buffer(), 0, text.length());
  }

  private String whole(SipMessage message) {
    return Text.of(message.view(), message.offset(), message.end() - message.offset());
  }

  /** The message with its Contacts aliased; checks that no other byte has changed. */
  private String add(Aliases aliases, FlowAddress address, String contacts) {
    final SipMessage message = invite(contacts);
    splice.begin();
    aliases.add(message, address, splice);
    final String text = spliced(message);
    final int at = whole(message).indexOf("Contact");
    assertThat(text).startsWith(whole(message).substring(0, Math.max(0, at)));
    return text.substring(at < 0 ? 0 : at, text.length() - 2).replace("\r\n", "\n");
  }

  // ---- AL-01 to AL-04 ----

  @Test
  void al01ContactInInvite() {
    assertThat(add(plain, alice, "Contact: <sip:alice@df7jal23ls0d.invalid;transport=ws;ob>\n"))
        .isEqualTo(
            "Contact: <sip:alice@df7jal23ls0d.invalid;alias=203.0.113.5~51234~6;transport=ws;ob>\n");
  }

  @Test
  void al02NoAngleBracketsAndHeaderParameters() {
    assertThat(add(plain, alice, "Contact: sip:alice@df7jal23ls0d.invalid;expires=60\n"))
        .isEqualTo(
            "Contact: <sip:alice@df7jal23ls0d.invalid;alias=203.0.113.5~51234~6>;expires=60\n");
  }

  @Test
  void al03Ipv6() {
    final FlowAddress six = address("2001:db8::5", 4000, false, null);
    assertThat(add(plain, six, "Contact: <sip:alice@x.invalid:7>\n"))
        .isEqualTo("Contact: <sip:alice@x.invalid:7;alias=[2001:db8::5]~4000~5>\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Contact: *\n",
        "Contact: <sip:alice@203.0.113.5:51234;transport=ws>\n",
        "Contact: <tel:+49100>\n",
        "Contact: <sip:alice@example.com;gr=urn:uuid:1;transport=ws>\n",
        "Contact: <sip:nonsense@@>\n",
        "Contact: \"broken <sip:a@b>\n",
      })
  void al04NothingToDo(String contacts) {
    final SipMessage message = invite(contacts);
    splice.begin();
    plain.add(message, alice, splice);
    assertThat(spliced(message)).isEqualTo(whole(message));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<sip:alice@203.0.113.5:51235;transport=ws>",
        "<sip:alice@203.0.113.6:51234;transport=ws>",
        "<sip:alice@203.0.113.5;transport=ws>",
        "<sip:alice@203.0.113.5:51234;transport=tcp>",
        "sip:alice@203.0.113.5:51234;transport=ws",
      })
  void anAddressThatIsNotTheSourceGetsAnAlias(String contact) {
    assertThat(add(plain, alice, "Contact: " + contact + "\n")).contains(";alias=203.0.113.5~");
  }

  @Test
  void severalContactsAndHeadersOfAUri() {
    assertThat(
            add(
                plain,
                alice,
                "Contact: \"A, <x>\" <sips:a@x.invalid?Subject=1>;q=1 , <sip:b@y;ob>\nm: <sip:c@z>\n"))
        .isEqualTo(
            "Contact: \"A, <x>\" <sips:a@x.invalid;alias=203.0.113.5~51234~6?Subject=1>;q=1 ,"
                + " <sip:b@y;alias=203.0.113.5~51234~6;ob>\n"
                + "m: <sip:c@z;alias=203.0.113.5~51234~6>\n");
  }

  @Test
  void thousandsOfContactsDoNoHarm() {
    final String many = "sip:a@b,".repeat(5000) + "sip:a@b";
    assertThat(add(plain, alice, "Contact: " + many + "\n").split("alias=", -1)).hasSize(9);
  }

  private String answered(int status) {
    final SipMessage message =
        Text.parsed(
            "SIP/2.0 "
                + status
                + " x\nVia: SIP/2.0/WSS e:443;branch=1\nTo: <sip:b@x>;tag=2\nFrom: <sip:a@x>;tag=1\n"
                + "Call-ID: c\nCSeq: 1 INVITE\nContact: <sip:b@y.invalid>\n\n");
    splice.begin();
    plain.add(message, alice, splice);
    return spliced(message);
  }

  @Test
  void answersGetAnAliasUnlessTheirContactsAreOthers() {
    assertThat(answered(200)).contains("b@y.invalid;alias=203.0.113.5~51234~6>");
    assertThat(answered(183)).contains("alias");
    assertThat(answered(302)).doesNotContain("alias");
    assertThat(answered(485)).doesNotContain("alias");
  }

  @Test
  void macIsAdded() {
    final FlowAddress flow = address("203.0.113.5", 51_234, true, macs);
    assertThat(add(proved, flow, "Contact: <sip:a@x.invalid;ob>\n"))
        .matches("Contact: <sip:a@x.invalid;alias=203.0.113.5~51234~6;aliasmac=[0-9a-f]{16};ob>\n");
  }

  // ---- AL-05 to AL-08 ----

  private SipMessage calling(String uri) {
    return Text.parsed(Text.request("INVITE", uri, "c", ""));
  }

  private String cut(Aliases aliases, SipMessage message) {
    splice.begin();
    aliases.cut(splice);
    final String line = spliced(message).lines().findFirst().orElseThrow();
    return line.substring("INVITE ".length(), line.length() - " SIP/2.0".length());
  }

  @Test
  void al05RequestUri() {
    table.enter(alice);
    final SipMessage message =
        calling("sip:alice@df7jal23ls0d.invalid;alias=203.0.113.5~51234~6;transport=ws");
    assertThat(plain.read(message)).isNull();
    assertThat(plain.flow()).isEqualTo(ALICE);
    assertThat(cut(plain, message)).isEqualTo("sip:alice@df7jal23ls0d.invalid;transport=ws");
  }

  @ParameterizedTest
  @CsvSource({
    "sip:a@x;ALIAS=203.0.113.5~51234~5, sip:a@x",
    "sip:a@x:99;ob;alias=203.0.113.5~51234~6?x=alias, sip:a@x:99;ob?x=alias",
    "sips:x;alias;alias=203.0.113.5~51234~6;aliases=1, sips:x;alias;aliases=1",
    "sip:a;alias=q@x;alias=203.0.113.5~51234~6;alias=b~a~d, sip:a;alias=q@x;alias=b~a~d",
    "sip:x;alias=203.0.113.5~51234~6;alias=203.0.113.6~1~6, sip:x;alias=203.0.113.6~1~6",
  })
  void theFirstAliasIsCutOut(String uri, String left) {
    table.enter(alice);
    final SipMessage message = calling(uri);
    assertThat(plain.read(message)).isNull();
    assertThat(plain.flow()).isEqualTo(ALICE);
    assertThat(cut(plain, message)).isEqualTo(left);
  }

  @Test
  void ipv6AliasIsFoundHoweverItIsWritten() {
    table.enter(address("2001:db8::5", 4000, false, null));
    assertThat(plain.read(calling("sip:a@x;alias=[2001:DB8:0::5]~4000~5"))).isNull();
    assertThat(plain.flow()).isEqualTo(ALICE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sip:a@x", "sip:a@x;transport=ws", "tel:+49", "sip:alias=1@x;alias"})
  void noAlias(String uri) {
    assertThat(plain.read(calling(uri))).isNull();
    assertThat(plain.flow()).isEqualTo(Aliases.NO_FLOW);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "203.0.113.5~51234",
        "~1~6",
        "203.0.113.5~99999~6",
        "a~b~c",
        "",
        "203.0.113.5~0~6",
        "203.0.113.5~51234~7",
        "203.0.113.5~51234~0",
        "203.0.113.5~51234~",
        "203.0.113.5~51234~6~",
        "203.0.113.5~51234~6x",
        "203.0.113.5~-1~6",
        "203.0.113.5~~6",
        "[203.0.113.5]~51234~6",
        "2001:db8::5~4000~5",
        "edge.example.com~51234~6",
        "203.0.113.5:51234~6",
      })
  void al06Malformed(String alias) {
    table.enter(alice);
    final String uri = "sip:a@x;alias=" + alias + ";alias=203.0.113.5~51234~6";
    assertThat(plain.read(calling(uri))).isEqualTo(Status.BAD_REQUEST);
    assertThat(plain.flow()).isEqualTo(Aliases.NO_FLOW);
  }

  @Test
  void al07OtherThanFlowsIsRefused() {
    table.enter(alice);
    for (int proto = 1; proto <= 4; proto++) {
      assertThat(plain.read(calling("sip:a@x;alias=10.0.0.50~22~" + proto)))
          .isEqualTo(Status.FORBIDDEN);
      assertThat(plain.read(calling("sip:a@x;alias=203.0.113.5~51234~" + proto)))
          .isEqualTo(Status.FORBIDDEN);
    }
    assertThat(plain.read(calling("sip:a@x;alias=203.0.113.99~1~6"))).isEqualTo(Status.NOT_FOUND);
    assertThat(plain.flow()).isEqualTo(Aliases.NO_FLOW);
  }

  private String provedUri(FlowAddress flow) {
    final String contact = add(proved, flow, "Contact: <sip:a@x.invalid;transport=ws>\n");
    return contact.substring("Contact: <".length(), contact.length() - 2);
  }

  @Test
  void al07WithAGoodMacTheFlowHasFailed() {
    final FlowAddress flow = address("203.0.113.5", 51_234, true, macs);
    assertThat(proved.read(calling(provedUri(flow)))).isEqualTo(Status.FLOW_FAILED);
  }

  @Test
  void al08Mac() {
    final FlowAddress flow = address("203.0.113.5", 51_234, true, macs);
    table.enter(flow);
    final String good = provedUri(flow);
    final SipMessage message = calling(good);
    assertThat(proved.read(message)).isNull();
    assertThat(proved.flow()).isEqualTo(ALICE);
    assertThat(cut(proved, message)).isEqualTo("sip:a@x.invalid;transport=ws");
    final char last = good.charAt(good.indexOf(";transport") - 1);
    final String other = last == '0' ? "1" : "0";
    for (final String bad :
        List.of(
            good.replaceAll(";aliasmac=[^;]*", ""),
            good.replaceAll("aliasmac=[^;]*", "aliasmac="),
            good.replaceAll("(aliasmac=[^;]*).;", "$1;"),
            good.replaceAll("(aliasmac=[^;]*);", "$10;"),
            good.replaceAll("(aliasmac=[^;]*).;", "$1" + other + ";"),
            good.replaceAll("~6;", "~5;"),
            good.replaceAll("~51234~", "~51235~"))) {
      assertThat(bad).isNotEqualTo(good);
      assertThat(proved.read(calling(bad))).as(bad).isEqualTo(Status.FORBIDDEN);
    }
  }

  @Test
  void macsOfOlderKeysAreGood() {
    final FlowAddress flow = address("203.0.113.5", 51_234, true, new AliasMac(List.of(OLD_KEY)));
    table.enter(flow);
    final String uri = provedUri(flow);
    assertThat(proved.read(calling(uri))).isNull();
    final Aliases without = new Aliases(table, new AliasMac(List.of(NEW_KEY)));
    assertThat(without.read(calling(uri))).isEqualTo(Status.FORBIDDEN);
  }

  // ---- AL-09 and C-53 ----

  private static SipMessage registered(String contacts) {
    return Text.parsed(
        "SIP/2.0 200 OK\nVia: SIP/2.0/WSS a.invalid;branch=z9hG4bK1\nTo: <sip:a@x>;tag=2\n"
            + "From: <sip:a@x>;tag=1\nCall-ID: c\nCSeq: 1 REGISTER\n"
            + contacts
            + "\n");
  }

  @Test
  void al09OwnAliasIsRemovedFromTheAnswerToRegister() {
    final String own = "<sip:a@x.invalid;alias=203.0.113.5~51234~6;transport=ws>;expires=60";
    final String others =
        ", <sip:a@y.invalid;alias=203.0.113.6~51234~6>;expires=50\n"
            + "Contact: <sip:a@z;alias=203.0.113.5~51234~5>, <sip:a@z>, <sip:a@z;alias=junk>\n";
    final SipMessage message = registered("Contact: " + own + others);
    splice.begin();
    plain.removeOwn(message, alice, splice);
    assertThat(spliced(message))
        .isEqualTo(whole(message).replace("x.invalid;alias=203.0.113.5~51234~6", "x.invalid"));
  }

  @Test
  void al09OnlyOursIsRemovedWhereThereAreMacs() {
    final FlowAddress flow = address("203.0.113.5", 51_234, true, macs);
    final String uri = provedUri(flow);
    final SipMessage message =
        registered("Contact: <" + uri + ">\nContact: <sip:a@x;alias=203.0.113.5~51234~6>\n");
    splice.begin();
    proved.removeOwn(message, flow, splice);
    assertThat(spliced(message))
        .isEqualTo(whole(message).replace(uri, "sip:a@x.invalid;transport=ws"));
  }

  @Test
  void receivedOfRegister() {
    final String contacts = "Contact: <sip:a@x.invalid;ob> ;expires=60, sip:b@y\n";
    final SipMessage message =
        Text.parsed(Text.request("REGISTER", "sip:example.com", "c", contacts));
    splice.begin();
    plain.addReceived(message, alice, splice);
    final String received = ";received=\"sip:203.0.113.5:51234;transport=ws\"";
    assertThat(spliced(message))
        .isEqualTo(
            whole(message)
                .replace("expires=60", "expires=60" + received)
                .replace("b@y", "b@y" + received));
  }

  @Test
  void receivedOfPath() {
    final SipWriter text = new SipWriter();
    Aliases.putPathReceived(alice, false, text);
    text.put('|');
    Aliases.putPathReceived(address("2001:db8::5", 4000, false, null), false, text);
    text.put('|');
    Aliases.putPathReceived(alice, true, text);
    assertThat(Text.of(text.buffer(), 0, text.length()))
        .isEqualTo(
            ";received=sip:203.0.113.5:51234%3Btransport%3Dws"
                + "|;received=sip:[2001:db8::5]:4000%3Btransport%3Dws"
                + "|;received=203.0.113.5~51234~6");
  }

  // ---- the table ----

  @Test
  void theLatestFlowFromAnAddressIsFound() {
    final FlowInfo info =
        new FlowInfo(true, "e", 443, new InetSocketAddress("203.0.113.5", 51_234), null);
    final FlowAddress later = FlowAddress.of(info, ALICE + 1, null);
    table.enter(alice);
    table.enter(later);
    final SipMessage message = calling("sip:a@x;alias=203.0.113.5~51234~6");
    plain.read(message);
    assertThat(plain.flow()).isEqualTo(ALICE + 1);
    table.leave(alice);
    plain.read(message);
    assertThat(plain.flow()).isEqualTo(ALICE + 1);
    table.leave(later);
    assertThat(plain.read(message)).isEqualTo(Status.NOT_FOUND);
    assertThat(table.size()).isZero();
  }

  @Test
  void noAddressIsNoAlias() {
    assertThat(FlowAddress.of(new FlowInfo(true, "e", 443, null, null), 1, null)).isNull();
    final FlowInfo named =
        new FlowInfo(
            true, "e", 443, InetSocketAddress.createUnresolved("client.example.com", 9), null);
    assertThat(FlowAddress.of(named, 1, null)).isNull();
    final FlowInfo literal =
        new FlowInfo(true, "e", 443, InetSocketAddress.createUnresolved("203.0.113.5", 9), null);
    assertThat(FlowAddress.of(literal, 1, null)).hasToString("203.0.113.5~9~6");
  }
}
