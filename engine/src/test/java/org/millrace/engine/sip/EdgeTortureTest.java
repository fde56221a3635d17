package org.millrace.engine.sip;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Messages after RFC 4475, from a client and from the core, through the edge proxy. */
class EdgeTortureTest {
  private static final List<String> NOT_FORWARDED =
      List.of("WSINV", "UNKSCM", "NOVELSC", "BEXT01", "ZEROMF", "MPART01");

  private final EdgeRig rig = new EdgeRig();
  private final EdgeRig.Client alice = rig.alice();

  private static SipMessage parsed(String text) {
    final SipMessage message = new SipMessage();
    message.parse(new UnsafeBuffer(text.getBytes(ISO_8859_1)), 0, text.length());
    return message;
  }

  @Test
  void thereAreEnough() {
    assertThat(TortureTest.Legal.values()).hasSizeGreaterThanOrEqualTo(20);
    assertThat(TortureTest.Illegal.values()).hasSizeGreaterThanOrEqualTo(20);
  }

  @ParameterizedTest
  @EnumSource
  void legalFromAClient(TortureTest.Legal message) {
    final SipMessage received = parsed(message.text);
    alice.saysExactly(message.text.getBytes(ISO_8859_1));
    if (!received.isRequest()) {
      rig.nobodyHearsAnything(); // a response to nothing
      assertThat(rig.counter(SipCounter.FOREIGN_RESPONSES)).isEqualTo(1);
    } else if (NOT_FORWARDED.contains(message.name())) {
      rig.coreHearsNothing();
      assertThat(alice.hears()).startsWith("SIP/2.0 ");
    } else {
      final String sent = rig.coreHears();
      final SipMessage forwarded = parsed(sent);
      assertThat(forwarded.defect()).isEqualTo(SipDefect.NONE);
      assertThat(sent).endsWith(text(received, received.bodyOffset(), received.end()));
      assertThat(line(forwarded, HeaderName.FROM)).isEqualTo(line(received, HeaderName.FROM));
      assertThat(line(forwarded, HeaderName.TO)).isEqualTo(line(received, HeaderName.TO));
      assertThat(text(forwarded, forwarded.offset(), forwarded.uriOffset() + forwarded.uriLength()))
          .isEqualTo(
              text(received, received.offset(), received.uriOffset() + received.uriLength()));
    }
  }

  private static String text(SipMessage message, int from, int to) {
    return Text.of(message.view(), from, to - from);
  }

  private static String line(SipMessage message, int id) {
    final int index = message.header(id);
    return text(message, message.lineStart(index), message.lineEnd(index));
  }

  /** Without a token none of them goes to anybody. */
  @ParameterizedTest
  @EnumSource
  void legalFromTheCore(TortureTest.Legal message) {
    rig.core().saysExactly(message.text.getBytes(ISO_8859_1));
    assertThat(rig.toClients()).isEmpty();
    if (message.text.startsWith("SIP/")) {
      rig.coreHearsNothing();
    } else {
      assertThat(parsed(rig.coreHears()).isRequest()).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void illegal(TortureTest.Illegal message) {
    final boolean answerable = parsed(message.text).isAnswerable();
    alice.saysExactly(message.text.getBytes(ISO_8859_1));
    rig.coreHearsNothing();
    assertThat(alice.hearsAll()).hasSize(answerable ? 1 : 0);
    rig.core().saysExactly(message.text.getBytes(ISO_8859_1));
    assertThat(rig.toClients()).isEmpty();
    if (answerable) {
      assertThat(parsed(rig.coreHears()).isRequest()).isFalse();
    } else {
      rig.coreHearsNothing();
    }
  }
}
