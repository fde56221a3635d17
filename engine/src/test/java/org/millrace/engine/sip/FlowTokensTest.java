package org.millrace.engine.sip;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** FT vectors, and the branches of EP vectors. */
class FlowTokensTest {
  private static final long ALICE = 0x0001_0002_0000_0003L;
  private static final String TOKEN = "EQYAAAAHAAEAAgAAAAPI0R49ZwWDp64eiOaeRBfj";

  private final FlowTokens tokens = new FlowTokens(context(7).tokenKeys());

  private static EmbeddedCoreContext context(int node) {
    return new EmbeddedCoreContext().node(node).flowKey(key(0)).branchKey(key(32)).conclude();
  }

  private static byte[] key(int first) {
    final byte[] key = new byte[32];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) (first + i);
    }
    return key;
  }

  private long verify(String token) {
    return tokens.verifyFlow(token.getBytes(US_ASCII), 0, token.length());
  }

  @Test
  void ft01AndFt02() {
    assertThat(new String(tokens.flowToken(true, ALICE), US_ASCII)).isEqualTo(TOKEN);
    assertThat(new String(tokens.flowToken(true, 0x0001_0003_0000_0009L), US_ASCII))
        .isEqualTo("EQYAAAAHAAEAAwAAAAkGokJwHYnVgrO4q9tz1laM");
    assertThat(new String(tokens.flowToken(true, ALICE + 1), US_ASCII))
        .isEqualTo("EQYAAAAHAAEAAgAAAATKNfxSOGRzAboWhhW5iMBV");
    assertThat(verify(TOKEN)).isEqualTo(ALICE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "EQYAAAAHAAAAAgAAAAPI0R49ZwWDp64eiOaeRBfj",
        "EQYAAAAHAAEAAgAAAAPI0R49ZwWDp64eiOaeRBf",
        "EQYAAAAHAAEAAgAAAAPI0R49ZwWDp64eiOaeRBfjA",
        "alice",
        "",
        "EQYAAAAHAAEAAgAAAAPI0R49ZwWDp64eiOaeRBf=",
      })
  void ft03AndFt04(String token) {
    assertThat(verify(token)).isEqualTo(FlowTokens.NOT_OURS);
  }

  @Test
  void everyCharacterCounts() {
    for (int i = 0; i < TOKEN.length(); i++) {
      final char other = TOKEN.charAt(i) == 'A' ? 'B' : 'A';
      assertThat(verify(TOKEN.substring(0, i) + other + TOKEN.substring(i + 1)))
          .isEqualTo(FlowTokens.NOT_OURS);
    }
  }

  @Test
  void ft08OtherNode() {
    final byte[] token = new FlowTokens(context(8).tokenKeys()).flowToken(true, ALICE);
    assertThat(verify(new String(token, US_ASCII))).isEqualTo(FlowTokens.OTHER_NODE);
  }

  private String branch(String method, String host, String branch, String toTag) {
    final String text =
        SipClient.crlf(
            method
                + " sip:bob@example.com SIP/2.0\nVia: SIP/2.0/WSS "
                + host
                + ";branch="
                + branch
                + "\nTo: <sip:bob@example.com>"
                + toTag
                + "\nFrom: <sip:alice@example.com>;tag=al1ce\nCall-ID: call-0001\nCSeq: 1 "
                + method
                + "\n\n");
    final SipMessage message = new SipMessage();
    assertThat(message.parse(new UnsafeBuffer(text.getBytes(US_ASCII)), 0, text.length()))
        .isEqualTo(SipDefect.NONE);
    return new String(tokens.branch(message, message.topVia()), US_ASCII);
  }

  @Test
  void ep03Ep09Ep10Ep11Branches() {
    final String host = "df7jal23ls0d.invalid";
    final String expected = "z9hG4bKe1._IwgzN-c_9ZCo932";
    assertThat(branch("INVITE", host, "z9hG4bK4711002", "")).isEqualTo(expected);
    assertThat(branch("CANCEL", "DF7jal23ls0d.invalid", "z9hG4bK4711002", "")).isEqualTo(expected);
    assertThat(branch("ACK", host, "z9hG4bK4711002", ";tag=b0b")).isEqualTo(expected);
    assertThat(branch("ACK", host, "z9hG4bK4711003", ";tag=b0b"))
        .isEqualTo("z9hG4bKe1.FeUdu3qlSNLiZhmJ");
    assertThat(branch("INVITE", "qqqqqqqqqqqq.invalid", "z9hG4bK4711002", ""))
        .isEqualTo("z9hG4bKe1.Z8DCfoJxrA6PARL2");
  }
}
