package org.millrace.engine.sip;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.sip.SipClient.crlf;

import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** B-2, B-4, B-5: what is a message, and what is wrong with one that is none. */
@SuppressWarnings("StringConcatToTextBlock") // a line may need an escape that text blocks strip
class SipMessageTest {
  static final String HEADERS =
      "Via: SIP/2.0/WS a.invalid;branch=z9hG4bK1\nFrom: <sip:a@x>;tag=1\nTo: <sip:b@x>\n"
          + "Call-ID: c\nCSeq: 1 MESSAGE\n";

  private final SipMessage message = new SipMessage();

  private SipDefect parse(String text) {
    final byte[] bytes = text.getBytes(ISO_8859_1);
    // somewhere in a larger buffer, with bytes around that must not matter
    final UnsafeBuffer buffer = new UnsafeBuffer(new byte[bytes.length + 20]);
    buffer.setMemory(0, buffer.capacity(), (byte) '\r');
    buffer.putBytes(10, bytes);
    return message.parse(buffer, 10, bytes.length);
  }

  private String body() {
    return message.view().getStringWithoutLengthUtf8(message.bodyOffset(), message.bodyLength());
  }

  private static String request(String startLine, String headers, String body) {
    return crlf(startLine + "\n" + headers + "\n") + body;
  }

  @Test
  void bodyIsTheRestWithoutContentLength() {
    assertThat(parse(request("MESSAGE sip:b@x SIP/2.0", HEADERS, "hello")))
        .isEqualTo(SipDefect.NONE);
    assertThat(body()).isEqualTo("hello");
    assertThat(message.surplus()).isZero();
    assertThat(message.isRequest()).isTrue();
    assertThat(message.method()).isEqualTo(SipMethod.MESSAGE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 2", "l:2", "L \t:\n  2", "CONTENT-LENGTH: 002"})
  void bodyIsAsLongAsSaid(String length) {
    final String text = request("MESSAGE sip:b@x SIP/2.0", HEADERS + length + "\n", "hello");
    assertThat(parse(text)).isEqualTo(SipDefect.NONE);
    assertThat(body()).isEqualTo("he");
    assertThat(message.surplus()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-1",
        "",
        " ",
        "2x",
        "0x2",
        "2 2",
        "2,2",
        "2147483648",
        "4294967328",
        "18446744073709551617",
        "+2",
        "1e1"
      })
  void badContentLength(String length) {
    final String header = "Content-Length: " + length + "\n";
    assertThat(parse(request("MESSAGE sip:b@x SIP/2.0", HEADERS + header, "hello")))
        .isEqualTo(SipDefect.BAD_CONTENT_LENGTH);
  }

  @Test
  void contentLengthsMustAgree() {
    final String once = HEADERS + "Content-Length: 5\n";
    assertThat(parse(request("MESSAGE sip:b@x SIP/2.0", once + "l: 5\n", "hello")))
        .isEqualTo(SipDefect.NONE);
    assertThat(parse(request("MESSAGE sip:b@x SIP/2.0", once + "l: 4\n", "hello")))
        .isEqualTo(SipDefect.BAD_CONTENT_LENGTH);
    assertThat(parse(request("MESSAGE sip:b@x SIP/2.0", HEADERS + "l: 6\n", "hello")))
        .isEqualTo(SipDefect.SHORT_BODY);
    assertThat(parse(request("MESSAGE sip:b@x SIP/2.0", HEADERS + "l: 2147483647\n", "hello")))
        .isEqualTo(SipDefect.SHORT_BODY);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "foo|NOT_SIP",
        "GET / HTTP/1.1|NOT_SIP",
        "SIP|NOT_SIP",
        "MESSAGE sip:b@x|NOT_SIP",
        "MESSAGE sip:b@x  SIP/2.0|BAD_START_LINE",
        "MESSAGE  sip:b@x SIP/2.0|BAD_START_LINE",
        "MESSAGE sip:b@x; a=b SIP/2.0|BAD_START_LINE",
        "MESSAGE <sip:b@x> SIP/2.0|BAD_START_LINE",
        "MESSAGE SIP/2.0|BAD_START_LINE",
        "ME@GE sip:b@x SIP/2.0|BAD_START_LINE",
        "MESSAGE sip:b@x SIP/3.0|BAD_VERSION",
        "MESSAGE sip:b@x sip/2.0|NONE",
        "SIP/2.0 200|NONE",
        "SIP/2.0 200 OK|NONE",
        "sip/2.0 200 |NONE",
        "SIP/2.0 2000 OK|BAD_START_LINE",
        "SIP/2.0 099 OK|BAD_START_LINE",
        "SIP/2.0 700 OK|BAD_START_LINE",
        "SIP/2.0 20x OK|BAD_START_LINE",
        "SIP/2.1 200 OK|BAD_VERSION",
      })
  void startLines(String line, SipDefect expected) {
    assertThat(parse(request(line, HEADERS, ""))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "Via,MISSING_VIA",
    "From,MISSING_FROM",
    "To,MISSING_TO",
    "Call-ID,MISSING_CALL_ID",
    "CSeq,MISSING_CSEQ"
  })
  void mandatoryHeaders(String name, SipDefect expected) {
    final String headers = HEADERS.replaceAll("(?m)^" + name + ":.*\n", "");
    assertThat(parse(request("MESSAGE sip:b@x SIP/2.0", headers, ""))).isEqualTo(expected);
    assertThat(message.isAnswerable()).isFalse();
    assertThat(parse(request("SIP/2.0 200 OK", headers, ""))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CSeq: 1 MESSAGE|CSeq: 1 INVITE|METHOD_MISMATCH",
        "CSeq: 1 MESSAGE|CSeq: 1 message|METHOD_MISMATCH",
        "CSeq: 1 MESSAGE|CSeq: 1MESSAGE|BAD_CSEQ",
        "CSeq: 1 MESSAGE|CSeq: MESSAGE|BAD_CSEQ",
        "CSeq: 1 MESSAGE|CSeq: 1|BAD_CSEQ",
        "CSeq: 1 MESSAGE|CSeq: 1 MESSAGE x|BAD_CSEQ",
        "CSeq: 1 MESSAGE|CSeq: 2147483648 MESSAGE|BAD_CSEQ",
        "CSeq: 1 MESSAGE|CSeq: 36893488147419103232 MESSAGE|BAD_CSEQ",
        "CSeq: 1 MESSAGE|CSeq: 2147483647 MESSAGE|NONE",
        "CSeq: 1 MESSAGE|cseq\t:\t0001   MESSAGE|NONE",
        "Call-ID: c|Call-ID: |BAD_CALL_ID",
        "Call-ID: c|i: c|NONE",
        "Call-ID: c|Call-ID: c d|BAD_CALL_ID",
        "From: <sip:a@x>;tag=1|From: <sip:a@x;tag=1|BAD_FROM",
        "From: <sip:a@x>;tag=1|From: \"open <sip:a@x>;tag=1|BAD_FROM",
        "From: <sip:a@x>;tag=1|From: <>;tag=1|BAD_FROM",
        "From: <sip:a@x>;tag=1|From: <sip:a@x>, <sip:b@x>|BAD_FROM",
        "From: <sip:a@x>;tag=1|f: sip:a@x;tag=1|NONE",
        "From: <sip:a@x>;tag=1|From: \"a \\\" ; , <\" <sip:a@x> ; tag = 1|NONE",
        "From: <sip:a@x>;tag=1|From: Anna Bell <sip:a@x>;x;tag=1|NONE",
        "To: <sip:b@x>|To: |BAD_TO",
        "To: <sip:b@x>|t: <sip:b@x>|NONE",
        "To: <sip:b@x>|To: <sip:b@x>;=|BAD_TO",
        "To: <sip:b@x>|To: <sip:b@x> junk|BAD_TO",
        "Via: SIP/2.0/WS a.invalid;branch=z9hG4bK1|Via: SIP/2.0 a.invalid|BAD_VIA",
        "Via: SIP/2.0/WS a.invalid;branch=z9hG4bK1|Via: SIP/2.0/WS|BAD_VIA",
        "Via: SIP/2.0/WS a.invalid;branch=z9hG4bK1|Via: SIP/2.0/WS a:;branch=1|BAD_VIA",
        "Via: SIP/2.0/WS a.invalid;branch=z9hG4bK1|Via: ,SIP/2.0/WS a|BAD_VIA",
        "Via: SIP/2.0/WS a.invalid;branch=z9hG4bK1|v: SIP / 2.0 / WS [::1] : 5060 ; branch = x|NONE",
        "Call-ID: c|Call-ID: c\\nCall-ID: d|DUPLICATE_HEADER",
        "Call-ID: c|Call-ID: c\\nMax-Forwards: 1\\nMax-Forwards: 1|DUPLICATE_HEADER",
        "Call-ID: c|Call-ID: c\\nMax-Forwards: 256|BAD_MAX_FORWARDS",
        "Call-ID: c|Call-ID: c\\nMax-Forwards: -1|BAD_MAX_FORWARDS",
        "Call-ID: c|Call-ID: c\\nMax-Forwards: 0068|NONE",
        "Call-ID: c|Call-ID: c\\nno colon|BAD_HEADER",
        "Call-ID: c|Call-ID: c\\n: value|BAD_HEADER",
        "Call-ID: c|Call-ID: c\\nNa me: value|BAD_HEADER",
        "Call-ID: c|Call-ID: c\\nX-Other:|NONE",
      })
  void headers(String line, String replacement, SipDefect expected) {
    final String headers = HEADERS.replace(line, replacement.replace("\\n", "\n"));
    assertThat(headers).isNotEqualTo(HEADERS);
    assertThat(parse(request("MESSAGE sip:b@x SIP/2.0", headers, ""))).isEqualTo(expected);
  }

  @Test
  void lineEndsAreCrlf() {
    final String good = request("MESSAGE sip:b@x SIP/2.0", HEADERS + "X: a b\n", "");
    assertThat(parse(good)).isEqualTo(SipDefect.NONE);
    assertThat(parse(good.replace("a b", "a\nb: c"))).isEqualTo(SipDefect.BAD_HEADER);
    assertThat(parse(good.replace("a b", "a\rb: c"))).isEqualTo(SipDefect.BAD_HEADER);
    assertThat(parse(good.replace("a b", "a\r\n\tb"))).isEqualTo(SipDefect.NONE);
    assertThat(parse(good.replace("\r\n", "\n"))).isEqualTo(SipDefect.NOT_SIP);
  }

  @Test
  void everyPrefixIsRefused() {
    final String good = request("MESSAGE sip:b@x SIP/2.0", HEADERS + "l: 5\n", "hello");
    for (int length = 0; length < good.length(); length++) {
      assertThat(parse(good.substring(0, length)))
          .as("%d bytes", length)
          .isNotEqualTo(SipDefect.NONE);
    }
    for (int crlfs = 0; crlfs < 4; crlfs++) {
      assertThat(parse("\r\n".repeat(crlfs) + good)).isEqualTo(SipDefect.NONE);
    }
    assertThat(parse("\r\n\r\n\r\n")).isEqualTo(SipDefect.NOT_SIP);
  }

  @Test
  void mostHeaders() {
    final String filler = "X: y\n".repeat(SipMessage.MAX_HEADERS - 5);
    assertThat(parse(request("MESSAGE sip:b@x SIP/2.0", HEADERS + filler, "")))
        .isEqualTo(SipDefect.NONE);
    assertThat(message.headerCount()).isEqualTo(SipMessage.MAX_HEADERS);
    assertThat(parse(request("MESSAGE sip:b@x SIP/2.0", HEADERS + filler + "X: y\n", "")))
        .isEqualTo(SipDefect.TOO_MANY_HEADERS);
    assertThat(message.isAnswerable()).isTrue();
  }

  @Test
  void longestHeaderSection() {
    final int rest = request("MESSAGE sip:b@x SIP/2.0", HEADERS + "X: \n", "").length();
    final String filler = "a".repeat(SipMessage.MAX_HEADER_BYTES - rest);
    assertThat(parse(request("MESSAGE sip:b@x SIP/2.0", HEADERS + "X: " + filler + "\n", "body")))
        .isEqualTo(SipDefect.NONE);
    assertThat(parse(request("MESSAGE sip:b@x SIP/2.0", HEADERS + "X: a" + filler + "\n", "body")))
        .isEqualTo(SipDefect.HEADERS_TOO_LONG);
  }

  @Test
  void nothingIsLeftOfTheMessageBefore() {
    parse(request("MESSAGE sip:b@x SIP/2.0", HEADERS + "Max-Forwards: 3\n", ""));
    assertThat(message.maxForwards()).isEqualTo(3);
    parse(request("SIP/2.0 404 Gone", HEADERS, ""));
    assertThat(message.maxForwards()).isEqualTo(-1);
    assertThat(message.isRequest()).isFalse();
    assertThat(message.status()).isEqualTo(404);
    assertThat(message.method()).isEqualTo(SipMethod.MESSAGE);
    assertThat(message.has(HeaderName.MAX_FORWARDS)).isFalse();
  }

  @Test
  void viasOverLinesAndCommas() {
    final String vias =
        "Via: SIP/2.0/WS a;branch=1;x=\"q,;\\\"\" , SIP/2.0/TCP b:5;rport;branch=2\nv: SIP/2.0/UDP c\n";
    parse(request("SIP/2.0 200 OK", vias + HEADERS, ""));
    assertThat(message.count(HeaderName.VIA)).isEqualTo(3);
    final ViaValue second = new ViaValue();
    assertThat(message.topVia().next()).isPositive();
    assertThat(second.parse(message.text(), message.topVia().next(), message.valueEnd(0))).isTrue();
    assertThat(List.of(second.next(), second.portLength(), second.branchLength()))
        .isEqualTo(List.of(-1, 1, 1));
    assertThat(second.emptyRportEnd()).isPositive();
  }
}
