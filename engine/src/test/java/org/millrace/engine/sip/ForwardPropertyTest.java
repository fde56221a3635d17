package org.millrace.engine.sip;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** C-15: forwarding changes no byte but those that the specification names. */
class ForwardPropertyTest {
  private static final List<String> METHODS =
      List.of("MESSAGE", "INVITE", "SUBSCRIBE", "FOO", "OPTIONS", "NOTIFY");

  private static Arbitrary<String> value() {
    return Arbitraries.strings()
        .withCharRange('!', '~')
        .withChars(' ', '\t', '\u00e9', '\u0000', ',', ';', '"')
        .ofMaxLength(40)
        .map(String::strip);
  }

  @Provide
  Arbitrary<List<String>> others() {
    final Arbitrary<String> names =
        Arbitraries.of(
            "Subject", "s", "X-Other", "Contact", "User-Agent", "k", "Allow", "cONTENT-tYPE");
    final Arbitrary<String> colons = Arbitraries.of(":", ": ", "  : ", ":\r\n ", "\t:\r\n\t");
    return Combinators.combine(names, colons, value(), value())
        .as((name, colon, first, second) -> name + colon + first + "\r\n  " + second)
        .list()
        .ofMaxSize(6);
  }

  @Property(tries = 300)
  void onlyWhatIsNamedChanges(
      @ForAll("others") List<String> others,
      @ForAll("others") List<String> moreOthers,
      @ForAll byte[] body,
      @ForAll boolean withLength,
      @ForAll int method) {
    final String name = METHODS.get(Math.floorMod(method, METHODS.size()));
    final String via = "vIA :  SIP/2.0/WSS  a.invalid ;branch=z9hG4bK1";
    final List<String> before = new ArrayList<>(others);
    before.add("From :\"x\" <sip:a@example.com>; tag=1");
    before.add("t:<sip:bob@example.com>");
    before.addAll(moreOthers);
    before.add("i:   c");
    before.add("CSeq:\t 1   " + name);
    if (withLength) {
      before.add("l: " + body.length);
    }
    final String rest = String.join("\r\n", before);
    final String text = new String(body, ISO_8859_1);
    final String said =
        "\r\n"
            + name
            + " sip:bob@example.com SIP/2.0\r\n"
            + via
            + "\r\nMax-Forwards:  017\r\nRoute: <sip:edge.example.com;lr>\r\n"
            + "P-Asserted-Identity: x\r\nRecord-Route: <sip:evil>\r\n"
            + rest
            + "\r\n\r\n"
            + text;
    try (SipRig rig = new SipRig()) {
      final SipClient alice = rig.open("alice");
      final SipClient bob = rig.open("bob").registered();
      alice.says(said.getBytes(ISO_8859_1), 2);
      final String heard = bob.hears();
      final boolean dialog = List.of("INVITE", "SUBSCRIBE", "NOTIFY").contains(name);
      final String[] parts = heard.split("\r\n", dialog ? 6 : 4);
      assertThat(parts[0]).isEqualTo(name + " " + bob.contactUri() + " SIP/2.0");
      assertThat(parts[1]).startsWith("Via: SIP/2.0/WSS edge.example.com:443;branch=z9hG4bKe1.");
      assertThat(parts[2]).isEqualTo(via);
      if (dialog) {
        assertThat(parts[3]).startsWith("Record-Route: <sip:");
        assertThat(parts[4]).startsWith("Record-Route: <sip:");
      }
      assertThat(parts[parts.length - 1])
          .isEqualTo(
              "Max-Forwards:  16\r\n"
                  + rest
                  + (withLength ? "" : "\r\nContent-Length: " + body.length)
                  + "\r\n\r\n"
                  + text);
    }
  }

  @Property(tries = 200)
  void aResponseLosesItsTopViaAndNothingElse(
      @ForAll("others") List<String> others, @ForAll byte[] body) {
    try (SipRig rig = new SipRig()) {
      final SipClient alice = rig.open("alice");
      final SipClient bob = rig.open("bob").registered();
      alice.says(alice.message("bob", "x"));
      final String request = bob.hears();
      final List<String> vias = SipClient.values(request, "Via");
      final StringBuilder rest = new StringBuilder();
      others.forEach(line -> rest.append(line).append("\r\n"));
      for (final String name : List.of("From", "To", "Call-ID", "CSeq")) {
        rest.append(name)
            .append(": ")
            .append(SipClient.values(request, name).get(0))
            .append("\r\n");
      }
      rest.append("Via: ").append(vias.get(1)).append("\r\nl : ").append(body.length);
      rest.append("\r\n\r\n").append(new String(body, ISO_8859_1));
      final String said = "SIP/2.0 299 \u00e4\r\nv : " + vias.get(0) + "\r\n" + rest;
      bob.says(said.getBytes(ISO_8859_1), 2);
      assertThat(alice.hears()).isEqualTo("SIP/2.0 299 \u00e4\r\n" + rest);
    }
  }
}
