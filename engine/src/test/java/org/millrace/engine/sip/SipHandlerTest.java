package org.millrace.engine.sip;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.sip.SipClient.startLine;
import static org.millrace.engine.sip.SipClient.values;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.millrace.engine.frame.Opcode;

/** SP vectors of one flow: keep-alives, lengths, bytes that are no UTF-8, garbage. */
class SipHandlerTest {
  private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

  private final SipRig rig = new SipRig();

  /** Delivers in two reads, at every split. */
  private void atEverySplit(String frame, String answer) {
    final byte[] bytes = HEX.parseHex(frame);
    final SipClient client = rig.open("alice");
    for (int split = 0; split < bytes.length; split++) {
      if (split > 0) {
        client.wire().deliver(Arrays.copyOf(bytes, split));
        rig.step();
      }
      client.wire().deliver(Arrays.copyOfRange(bytes, split, bytes.length));
      rig.step();
      assertThat(HEX.formatHex(client.wire().takeWritten())).isEqualTo(answer);
    }
  }

  @Test
  void sp08DoubleCrlfIsAnsweredInKind() {
    try (rig) {
      atEverySplit("81 84 37 fa 21 3d 3a f0 2c 37", "81 02 0d 0a");
      atEverySplit("82 84 37 fa 21 3d 3a f0 2c 37", "82 02 0d 0a");
      assertThat(rig.counter(SipCounter.KEEP_ALIVE_PINGS)).isEqualTo(20);
      assertThat(rig.counter(SipCounter.BAD_MESSAGES)).isZero();
    }
  }

  @Test
  void sp09SingleCrlfIsNeverAnswered() {
    try (rig) {
      atEverySplit("81 82 37 fa 21 3d 3a f0", "");
      atEverySplit("82 82 37 fa 21 3d 3a f0", "");
      atEverySplit("81 80 37 fa 21 3d", "");
      assertThat(rig.counter(SipCounter.KEEP_ALIVE_PONGS)).isEqualTo(16);
      assertThat(rig.counter(SipCounter.BAD_MESSAGES)).isZero();
    }
  }

  @Test
  void sp01SecondMessageOfAFrameIsDropped() {
    try (rig) {
      final SipClient alice = rig.open("alice");
      final String options =
          SipClient.crlf(
              alice.request("OPTIONS", "sip:example.com", "sip:example.com", "", "c", 1)
                  + "Content-Length: 0\n\n");
      alice.saysExactly(options + options);
      assertThat(startLine(alice.hears())).isEqualTo("SIP/2.0 200 OK");
      assertThat(rig.counter(SipCounter.SURPLUS_MESSAGES)).isEqualTo(1);
      assertThat(rig.counter(SipCounter.SURPLUS_BYTES)).isEqualTo(options.length());
      assertThat(rig.counter(SipCounter.REQUESTS)).isEqualTo(1);
    }
  }

  @Test
  void sp02ShortBody() {
    try (rig) {
      final SipClient alice = rig.open("alice").registered();
      final SipClient bob = rig.open("bob").registered();
      final String invite = alice.invite("bob", "c");
      alice.says(invite.replace("Content-Length: 5", "Content-Length: 10"));
      final String answer = alice.hears();
      assertThat(startLine(answer)).isEqualTo("SIP/2.0 400 Body Shorter Than Content-Length");
      assertThat(values(answer, "To").get(0)).contains(";tag=");
      bob.hearsNothing();

      alice.says(invite);
      final String heard = bob.hears();
      bob.says(bob.answer(heard, 200, "").replace("Content-Length: 0", "Content-Length: 1"));
      alice.hearsNothing();
      assertThat(rig.counter(SipCounter.MALFORMED_RESPONSES)).isEqualTo(1);
    }
  }

  @Test
  void sp03LongBodyAndSp04NoLength() {
    try (rig) {
      final SipClient alice = rig.open("alice").registered();
      final SipClient bob = rig.open("bob").registered();
      alice.says(alice.message("bob", "hello").replace("Content-Length: 5", "Content-Length: 2"));
      assertThat(bob.hears()).endsWith("Content-Length: 2\r\n\r\nhe");
      alice.says(alice.message("bob", "hello").replace("Content-Length: 5\n", ""));
      assertThat(bob.hears()).endsWith("\r\nContent-Length: 5\r\n\r\nhello");
      alice.says(alice.message("bob", "hello").replace("Content-Length: 5", "l: 5"));
      assertThat(bob.hears()).endsWith("\r\nl: 5\r\n\r\nhello").doesNotContain("Content-Length");
    }
  }

  @Test
  void sp06BytesThatAreNoText() {
    try (rig) {
      final SipClient alice = rig.open("alice").registered();
      final SipClient bob = rig.open("bob").registered();
      final String message = SipClient.crlf("Subject: caf\u00e9\n");
      final String said =
          SipClient.crlf(alice.message("bob", "hello"))
              .replace("Content-Type", message + "Content-Type");
      alice.says(said.getBytes(ISO_8859_1), Opcode.BINARY);
      final List<SipClient.Received> heard = bob.hearsAll();
      assertThat(heard).hasSize(1);
      assertThat(heard.get(0).opcode()).isEqualTo(Opcode.BINARY);
      assertThat(heard.get(0).text()).contains("Subject: caf\u00e9\r\n");

      alice.says(SipClient.crlf(alice.message("bob", "hello")).getBytes(ISO_8859_1), Opcode.BINARY);
      assertThat(bob.hearsAll().get(0).opcode()).isEqualTo(Opcode.TEXT);
    }
  }

  @Test
  void sp13Garbage() {
    try (rig) {
      final SipClient alice = rig.open("alice");
      for (int i = 0; i < 10; i++) {
        alice.saysExactly("foo");
        alice.hearsNothing();
      }
      assertThat(rig.counter(SipCounter.BAD_MESSAGES)).isEqualTo(10);
      alice.saysExactly("foo");
      final byte[] close = alice.wire().takeWritten();
      assertThat(close[0]).isEqualTo((byte) 0x88);
      assertThat(((close[2] & 0xFF) << 8) | (close[3] & 0xFF)).isEqualTo(1003);
      assertThat(rig.counter(SipCounter.BAD_MESSAGES)).isEqualTo(10);
      assertThat(rig.counter(SipCounter.BAD_MESSAGE_CLOSES)).isEqualTo(1);
    }
  }

  @Test
  void b6WhatIsMalformedButAnswerableIsNotGarbage() {
    try (rig) {
      final SipClient alice = rig.open("alice");
      for (int i = 0; i < 20; i++) {
        alice.says(alice.invite("bob", "c").replace("CSeq: 1 INVITE", "CSeq: 1 BYE"));
        assertThat(startLine(alice.hears())).isEqualTo("SIP/2.0 400 CSeq Method Mismatch");
        alice.says(
            alice
                    .request("ACK", "sip:b@example.com", "sip:b@example.com", "", "c", 1)
                    .replace(": 1 ACK", ": x")
                + "\n");
        alice.hearsNothing();
      }
      assertThat(rig.counter(SipCounter.MALFORMED_REQUESTS)).isEqualTo(40);
      assertThat(rig.counter(SipCounter.BAD_MESSAGES)).isZero();
    }
  }
}
