package org.millrace.engine.sip;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/**
 * C-15: the proxy changes no byte but those that the specification names, in either direction,
 * whatever the order of header fields, their folding, their form, and how many values are in a
 * line. What must come out is put together here from the same pieces as what goes in, by other
 * means than the proxy's.
 */
class EdgeForwardPropertyTest {
  private static final List<String> METHODS =
      List.of("MESSAGE", "INVITE", "SUBSCRIBE", "FOO", "OPTIONS", "NOTIFY", "BYE", "REFER");

  private static final String OWN_CLIENT_SIDE =
      "<sip:" + EdgeRig.ALICE_TOKEN + "@edge.example.com:443;transport=ws;lr;x=1>";
  private static final String OWN_CORE_SIDE = "<sip:10.0.0.7:5060;transport=tcp;lr>;p";

  /** A line as it goes in, and as it must come out; null for not at all. */
  private record Line(String in, String out) {
    static Line same(String line) {
      return new Line(line, line);
    }
  }

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

  private static List<Line> same(List<String> lines) {
    return new ArrayList<>(lines.stream().map(Line::same).toList());
  }

  private static <T> T pick(Random random, List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  private static String in(String start, List<Line> lines, String body) {
    final StringBuilder text = new StringBuilder(start).append("\r\n");
    lines.stream().filter(l -> l.in != null).forEach(l -> text.append(l.in).append("\r\n"));
    return text.append("\r\n").append(body).toString();
  }

  /** Our lines differ from message to message; they are checked by the vectors. */
  private static String out(String start, List<Line> lines, String body) {
    final StringBuilder text = new StringBuilder(start).append("\r\n");
    lines.stream().filter(l -> l.out != null).forEach(l -> text.append(l.out).append("\r\n"));
    return text.append("\r\n").append(body).toString();
  }

  /** Takes out the lines that are ours: they begin as given, in this order. */
  private static String withoutOwn(String message, List<String> beginnings) {
    String rest = message;
    int from = 0;
    for (final String beginning : beginnings) {
      final int at = rest.indexOf("\r\n" + beginning, from) + 2;
      assertThat(at).as(beginning + " in " + message).isGreaterThan(1);
      rest = rest.substring(0, at) + rest.substring(rest.indexOf("\r\n", at) + 2);
      from = at - 2;
    }
    return rest;
  }

  private static void route(Random random, List<Line> lines, List<String> own, String foreign) {
    final String first = String.join(pick(random, List.of(",", " , ", ",\r\n ")), own);
    switch (random.nextInt(3)) {
      case 0 -> {
        own.forEach(value -> lines.add(new Line("rOUTE: " + value, null)));
        lines.add(Line.same("Route:" + foreign));
      }
      case 1 -> {
        lines.add(new Line("Route : " + first, null));
        lines.add(Line.same("Route: " + foreign + ",<sip:further;lr>"));
      }
      default ->
          lines.add(
              new Line(
                  "Route:  " + first + " , " + foreign + " ,<sip:f;lr>",
                  "Route:  " + foreign + " ,<sip:f;lr>"));
    }
  }

  private static void hops(Random random, List<Line> lines) {
    if (random.nextInt(4) > 0) {
      lines.add(new Line("max-FORWARDS:\r\n  017", "max-FORWARDS:\r\n  16"));
    }
  }

  private static List<String> ownHops(List<Line> lines, List<String> beginnings) {
    final List<String> own = new ArrayList<>(beginnings);
    if (lines.stream().noneMatch(l -> l.in.startsWith("max-F"))) {
      own.add("Max-Forwards: 70");
    }
    return own;
  }

  /** Vias and Routes keep their order; apart from that any order will do. */
  private static void shuffle(Random random, List<Line> lines) {
    final List<Line> vias = lines.stream().filter(l -> isVia(l.in)).toList();
    final List<Line> routes = lines.stream().filter(l -> isRoute(l.in)).toList();
    Collections.shuffle(lines, random);
    int via = 0;
    int route = 0;
    for (int i = 0; i < lines.size(); i++) {
      if (isVia(lines.get(i).in)) {
        lines.set(i, vias.get(via++));
      } else if (isRoute(lines.get(i).in)) {
        lines.set(i, routes.get(route++));
      }
    }
  }

  private static boolean isRoute(String line) {
    return line.toLowerCase(Locale.ROOT).startsWith("route");
  }

  private static boolean isVia(String line) {
    return line.startsWith("v") || line.startsWith("Via");
  }

  private static void mandatory(
      Random random, List<Line> lines, String method, String toTag, byte[] body, boolean length) {
    lines.add(Line.same("From :\"x, <y>;\" <sip:a@example.com>; tag=1"));
    lines.add(Line.same("t:<sip:bob@example.com>" + toTag));
    lines.add(Line.same(pick(random, List.of("i:   c", "Call-ID: c", "cALL-iD\t:\r\n c"))));
    lines.add(Line.same("CSeq:\t 1   " + method));
    if (length) {
      lines.add(Line.same(pick(random, List.of("l: ", "Content-Length :")) + body.length));
    }
  }

  @Property(tries = 300, shrinking = ShrinkingMode.OFF)
  void requestToTheCore(
      @ForAll("others") List<String> others,
      @ForAll byte[] body,
      @ForAll boolean withLength,
      @ForAll boolean inDialog,
      @ForAll long seed) {
    final Random random = new Random(seed);
    final String method = pick(random, METHODS);
    final List<Line> lines = same(others);
    final String via = "  SIP/2.0/WSS  a.invalid ;branch=z9hG4bK1;rport";
    final String stamped = via + "=51234;received=203.0.113.5";
    lines.add(new Line("v :" + via, "v :" + stamped));
    lines.add(Line.same("Via: SIP/2.0/TCP b.invalid;branch=z9hG4bK2,\r\n SIP/2.0/UDP c"));
    lines.add(new Line("P-Asserted-Identity:x,\r\n y", null));
    lines.add(new Line("path: <sip:evil>", null));
    lines.add(new Line("Record-Route: <sip:e;lr>", inDialog ? "Record-Route: <sip:e;lr>" : null));
    hops(random, lines);
    mandatory(random, lines, method, inDialog ? ";tag=2" : "", body, withLength);
    route(
        random,
        lines,
        List.of(OWN_CLIENT_SIDE, OWN_CORE_SIDE),
        "\"a, b\" <sip:10.0.0.9;transport=tcp;lr>;z");
    shuffle(random, lines);
    final EdgeRig rig = new EdgeRig();
    final String start = method + " sip:bob@example.com SIP/2.0";
    final String text = new String(body, ISO_8859_1);
    rig.alice().saysExactly(("\r\n" + in(start, lines, text)).getBytes(ISO_8859_1));
    final List<String> own = new ArrayList<>(List.of("Via: SIP/2.0/TCP 10.0.0.7:5060;branch="));
    final boolean recorded =
        !inDialog && List.of("INVITE", "SUBSCRIBE", "NOTIFY", "REFER").contains(method);
    if (recorded) {
      own.add("Record-Route: <sip:10.0.0.7:5060;transport=tcp;lr>");
      own.add("Record-Route: <sip:" + EdgeRig.ALICE_TOKEN + "@edge.example.com:443;");
    }
    compare(rig.coreHears(), start, lines, text, own, withLength);
  }

  private static void compare(
      String heard,
      String start,
      List<Line> lines,
      String body,
      List<String> own,
      boolean withLength) {
    final List<String> all = ownHops(lines, own);
    if (!withLength) {
      final String added = "\r\nContent-Length: " + body.length() + "\r\n\r\n";
      assertThat(heard).contains(added);
      final int at = heard.indexOf(added);
      final String without =
          heard.substring(0, at) + heard.substring(at + added.length() - "\r\n\r\n".length());
      assertThat(withoutOwnInAnyOrder(without, all)).isEqualTo(out(start, lines, body));
    } else {
      assertThat(withoutOwnInAnyOrder(heard, all)).isEqualTo(out(start, lines, body));
    }
  }

  private static String withoutOwnInAnyOrder(String message, List<String> beginnings) {
    String rest = message;
    for (final String beginning : beginnings) {
      rest = withoutOwn(rest, List.of(beginning));
    }
    return rest;
  }

  @Property(tries = 300, shrinking = ShrinkingMode.OFF)
  void requestToAClient(
      @ForAll("others") List<String> others,
      @ForAll byte[] body,
      @ForAll boolean withLength,
      @ForAll boolean inDialog,
      @ForAll long seed) {
    final Random random = new Random(seed);
    final String method = pick(random, METHODS);
    final List<Line> lines = same(others);
    final String via = "  SIP/2.0/TCP  core ;branch=z9hG4bK1";
    lines.add(
        new Line(
            "v :" + via + ", SIP/2.0/UDP d", "v :" + via + ";received=10.0.0.9, SIP/2.0/UDP d"));
    lines.add(Line.same("P-Asserted-Identity: <sip:carol@example.com>"));
    lines.add(Line.same("Path: <sip:p>"));
    hops(random, lines);
    mandatory(random, lines, method, inDialog ? ";tag=2" : "", body, withLength);
    route(random, lines, List.of(OWN_CORE_SIDE, OWN_CLIENT_SIDE), "<sip:beyond;lr>");
    shuffle(random, lines);
    final EdgeRig rig = new EdgeRig();
    final EdgeRig.Client alice = rig.alice();
    final String start = method + " sip:alice@x.invalid;ob SIP/2.0";
    final String text = new String(body, ISO_8859_1);
    rig.core().saysExactly(in(start, lines, text).getBytes(ISO_8859_1));
    final List<String> own =
        new ArrayList<>(List.of("Via: SIP/2.0/WSS edge.example.com:443;branch="));
    if (!inDialog && List.of("INVITE", "SUBSCRIBE", "NOTIFY", "REFER").contains(method)) {
      own.add("Record-Route: <sip:" + EdgeRig.ALICE_TOKEN + "@edge.example.com:443;");
      own.add("Record-Route: <sip:10.0.0.7:5060;transport=tcp;lr>");
    }
    compare(alice.hears(), start, lines, text, own, withLength);
  }

  @Property(tries = 200, shrinking = ShrinkingMode.OFF)
  void responseToAClient(
      @ForAll("others") List<String> others,
      @ForAll byte[] body,
      @ForAll boolean inOneLine,
      @ForAll long seed) {
    final Random random = new Random(seed);
    final String own =
        EdgeMessages.INVITE_VIA.strip().substring("Via: ".length()) + ";received=10.0.0.7";
    final String client = "SIP/2.0/WSS df7jal23ls0d.invalid ;branch=z9hG4bK4711002;rport=1";
    final List<Line> lines = same(others);
    responseVias(lines, own, client, inOneLine);
    lines.add(Line.same("From: <sip:alice@example.com>;tag=al1ce"));
    lines.add(Line.same("t:<sip:bob@example.com>;tag=2"));
    lines.add(Line.same("i:\r\n call-0001"));
    lines.add(Line.same("CSeq: 1 INVITE"));
    lines.add(Line.same("P-Asserted-Identity: <sip:bob@example.com>"));
    lines.add(Line.same("l: " + body.length));
    shuffle(random, lines);
    final EdgeRig rig = new EdgeRig();
    final EdgeRig.Client alice = rig.alice();
    final String start = "SIP/2.0 2" + random.nextInt(10) + "0 \u00e4 \u0000";
    final String text = new String(body, ISO_8859_1);
    rig.core().saysExactly(in(start, lines, text).getBytes(ISO_8859_1));
    assertThat(alice.hears()).isEqualTo(out(start, lines, text));
  }

  private static void responseVias(List<Line> lines, String own, String next, boolean inOneLine) {
    if (inOneLine) {
      lines.add(new Line("v:  " + own + " ,\r\n " + next, "v:  " + next));
    } else {
      lines.add(new Line("Via : " + own, null));
      lines.add(Line.same("v:" + next));
    }
    lines.add(Line.same("Via: SIP/2.0/UDP e;branch=z9hG4bK9"));
  }

  @Property(tries = 200, shrinking = ShrinkingMode.OFF)
  void responseToTheCore(
      @ForAll("others") List<String> others,
      @ForAll byte[] body,
      @ForAll boolean inOneLine,
      @ForAll long seed) {
    final Random random = new Random(seed);
    final String own = EdgeMessages.BYE_VIA.strip().substring("Via: ".length());
    final List<Line> lines = same(others);
    responseVias(lines, own, "SIP/2.0/TCP 10.0.0.9:5060;branch=z9hG4bKcore77", inOneLine);
    lines.add(Line.same("From: <sip:bob@example.com>;tag=b0b"));
    lines.add(Line.same("t:<sip:alice@example.com>;tag=al1ce"));
    lines.add(Line.same("i:\tcall-0001"));
    lines.add(Line.same("CSeq: 501 BYE"));
    lines.add(Line.same("Record-Route: <sip:r;lr>"));
    lines.add(new Line("P-Asserted-Identity: <sip:x>", null));
    lines.add(Line.same("l: " + body.length));
    shuffle(random, lines);
    final EdgeRig rig = new EdgeRig();
    final String start = "SIP/2.0 4" + random.nextInt(10) + "0 \u00e4";
    final String text = new String(body, ISO_8859_1);
    rig.alice().saysExactly(in(start, lines, text).getBytes(ISO_8859_1));
    assertThat(rig.coreHears()).isEqualTo(out(start, lines, text));
  }
}
