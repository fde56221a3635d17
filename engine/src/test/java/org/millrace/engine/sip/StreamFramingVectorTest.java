package org.millrace.engine.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.sip.SipClient.crlf;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.connection.ClosedEvent;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.Initiator;
import org.millrace.engine.frame.CloseCode;
import org.millrace.engine.frame.Violation;
import org.millrace.engine.sip.StreamRig.Stream;
import org.millrace.engine.status.EngineCounter;

/** The UP vectors about streams, cut in two at every point, in a full ring and byte by byte. */
class StreamFramingVectorTest {
  private static final String M1 =
      crlf("OPTIONS sip:x SIP/2.0\nVia: SIP/2.0/TCP h;branch=z9hG4bK1\nl: 2\n\nab");
  private static final String M2 = crlf("SIP/2.0 200 OK\nContent-Length:\t0\n\n");

  private static final String REQUEST =
      crlf(
          """
          MESSAGE sip:alice@example.com SIP/2.0
          Via: SIP/2.0/TCP a.example.com;branch=z9hG4bKa
          Max-Forwards: 70
          v: SIP/2.0/UDP b.example.com;branch=z9hG4bKb
          From: <sip:bob@example.com>;tag=1
          t: Alice <sip:alice@example.com>
          Call-ID: up@example.com
          CSeq: 7 MESSAGE
          """);

  private final StreamRig rig = new StreamRig();

  @AfterEach
  void closeRig() {
    rig.close();
  }

  /** Whatever the reads, the outcome is the same. */
  private void however(String bytes, Consumer<Stream> expected) {
    however(bytes, StreamRig::context, expected);
  }

  private void however(
      String bytes, Supplier<ConnectionContext> context, Consumer<Stream> expected) {
    for (int split = 0; split < bytes.length(); split++) {
      for (int full = 0; full < 2; full++) {
        final Stream stream = rig.open(context.get());
        if (split > 0) {
          stream.says(bytes.substring(0, split));
        }
        if (full == 0) {
          stream.says(bytes.substring(split));
        } else {
          stream.saysIntoAFullRing(bytes.substring(split));
        }
        check(stream, expected, "split at " + split + (full == 0 ? "" : ", ring full"));
      }
    }
    final Stream stream = rig.open(context.get());
    for (int i = 0; i < bytes.length(); i++) {
      stream.says(bytes.substring(i, i + 1));
    }
    check(stream, expected, "byte by byte");
  }

  private static void check(Stream stream, Consumer<Stream> expected, String how) {
    try {
      expected.accept(stream);
      if (!stream.wire().isClosed()) {
        stream.ended();
      }
    } catch (AssertionError e) {
      throw new AssertionError(how, e);
    }
  }

  private static Consumer<Stream> refused(Violation violation, String statusLine) {
    return stream -> {
      assertThat(stream.messages()).isEmpty();
      assertThat(stream.malformed()).hasSize(1);
      assertThat(stream.heard().lines().findFirst().orElse("")).isEqualTo(statusLine);
      assertThat(stream.wire().isOutputShut()).isTrue();
      assertFailed(stream.ended(), violation);
    };
  }

  private static void assertFailed(ClosedEvent event, Violation violation) {
    assertThat(event.violation()).isEqualTo(violation);
    assertThat(event.code()).isEqualTo(violation.closeCode());
    assertThat(event.reason()).isEqualTo(violation.text());
    assertThat(event.initiator()).isEqualTo(Initiator.LOCAL);
    assertThat(event.sentCode()).isZero();
    assertThat(event.clean()).isFalse();
  }

  private static Consumer<Stream> messages(String... messages) {
    return stream -> {
      assertThat(stream.messages()).containsExactly(messages);
      assertThat(stream.heard()).isEmpty();
      assertThat(stream.ended().code()).isEqualTo(CloseCode.NO_STATUS);
    };
  }

  @Test
  void up01TwoMessagesAndNoise() {
    assertThat(M1).hasSize(69);
    however(
        "\r\n\r\n" + M1 + "\r\n" + M2,
        stream -> {
          assertThat(stream.heard()).isEqualTo("\r\n");
          assertThat(stream.messages()).containsExactly(M1, M2);
          assertThat(stream.ended().clean()).isTrue();
        });
    assertThat(rig.counter(EngineCounter.STREAM_RECEIVED_MESSAGES))
        .isEqualTo(2 * rig.counter(EngineCounter.PINGS_RECEIVED))
        .isPositive();
  }

  @Test
  void up02NoContentLengthIsAnsweredAndTheEnd() {
    however(
        REQUEST + "\r\nbody",
        refused(Violation.LENGTH_MISSING, "SIP/2.0 400 Missing Content-Length"));
    assertThat(rig.counter(SipCounter.LOCAL_RESPONSES))
        .isEqualTo(rig.counter(SipCounter.MALFORMED_REQUESTS))
        .isPositive();
  }

  @Test
  void up02TheAnswerHasAllThatItNeeds() {
    final Stream stream = rig.open().says(REQUEST + "\r\nbody");
    assertThat(stream.heard())
        .matches(
            crlf(
                """
                SIP/2\\.0 400 Missing Content-Length
                Via: SIP/2.0/TCP a.example.com;branch=z9hG4bKa
                v: SIP/2.0/UDP b.example.com;branch=z9hG4bKb
                From: <sip:bob@example.com>;tag=1
                t: Alice <sip:alice@example.com>;tag=[\\w-]{12}
                Call-ID: up@example.com
                CSeq: 7 MESSAGE
                Content-Length: 0

                """));
    stream.ended();
  }

  @Test
  void up02ToleratedItMeansNoBody() {
    however(
        REQUEST + "\r\n" + M1,
        () -> StreamRig.context().framing(max -> new SipFraming(max, true)),
        messages(REQUEST + "\r\n", M1));
  }

  @Test
  void up02AResponseIsNotAnswered() {
    however(crlf("SIP/2.0 200 OK\nCSeq: 1 INVITE\n\n"), refused(Violation.LENGTH_MISSING, ""));
    assertThat(rig.counter(SipCounter.MALFORMED_RESPONSES)).isPositive();
  }

  @Test
  void up02AnAckIsNotAnswered() {
    however(REQUEST.replace("MESSAGE", "ACK") + "\r\n", refused(Violation.LENGTH_MISSING, ""));
  }

  @Test
  void up02WhatCannotBeAnsweredIsNot() {
    however(
        REQUEST.replace("Call-ID", "X-Call-ID") + "\r\n", refused(Violation.LENGTH_MISSING, ""));
  }

  @Test
  void up03DifferentLengths() {
    however(
        REQUEST + "Content-Length: 2\r\nl: 3\r\n\r\nabc",
        refused(Violation.LENGTHS_DIFFER, "SIP/2.0 400 Bad Content-Length"));
  }

  @Test
  void up03EqualLengths() {
    final String message = REQUEST + "Content-Length: 2\r\nContent-Length: 2\r\n\r\nab";
    however(message + M2, messages(message, M2));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-1",
        "2x",
        "4294967298",
        "",
        " ",
        "+2",
        "2 2",
        "2, 2",
        "2;q",
        "0x2",
        "2.0",
        "2\r",
        "2\n",
        "2147483648",
        "99999999999999999999999999",
        "two",
        "2\r\n\t2",
        "\r2",
      })
  void up04NonsenseLengths(String length) {
    however(
        REQUEST + "Content-Length:" + length + "\r\n\r\nab",
        refused(Violation.LENGTH_ILLEGAL, "SIP/2.0 400 Bad Content-Length"));
    assertThat(rig.counter(EngineCounter.POOLED_BYTES)).isLessThan(8 * 1024);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length:2",
        "content-length \t :\t 2 ",
        "CONTENT-LENGTH:\r\n 2",
        "l:\r\n \r\n\t2 \r\n ",
        "L : 0000000000000002",
        "X: y\r\n Content-Length: 7\r\nl:2",
        "Content-Length2: 9\r\nl:2",
        "Content-Lengt: 9\r\nContent: 8\r\nlength: 7\r\nl:2",
        "content-length\r\n :9\r\nl:2",
        "X:\r\r\nl:2",
      })
  void oddButFineLengths(String header) {
    final String message = REQUEST + header + "\r\n\r\nab";
    however(message + M2, messages(message, M2));
  }

  @Test
  void aMessageOverTheLimitIsRefusedOnItsHeaderSection() {
    final String headers = REQUEST + "l: 1000\r\n\r\n";
    however(
        headers + "x".repeat(10),
        () -> StreamRig.context().maxMessageSize(headers.length() + 999),
        refused(Violation.MESSAGE_TOO_BIG, "SIP/2.0 413 Request Entity Too Large"));
    assertThat(rig.counter(EngineCounter.POOLED_BYTES)).isLessThan(8 * 1024);
  }

  @Test
  void theLargestLengthThereIsIsOverTheLimit() {
    however(
        REQUEST + "l: 2147483647\r\n\r\n",
        refused(Violation.MESSAGE_TOO_BIG, "SIP/2.0 413 Request Entity Too Large"));
  }

  @Test
  void aMessageAtTheLimitIsFine() {
    final String message = REQUEST + "l: 100\r\n\r\n" + "x".repeat(100);
    however(message, () -> StreamRig.context().maxMessageSize(message.length()), messages(message));
  }

  /** More than 70 KiB without the end of the header section; who sent it may be anybody. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 1_000, 8_000})
  void up05SlowDrip(int read) {
    final String bytes = REQUEST + "X: " + "x".repeat(80 * 1024);
    final Stream stream = rig.open();
    int said = 0;
    while (!stream.wire().isOutputShut()) {
      stream.says(bytes.substring(said, said + read));
      said += read;
    }
    assertThat(said - SipMessage.MAX_HEADER_BYTES).isBetween(0, read - 1);
    assertThat(stream.malformed()).containsExactly(bytes.substring(0, SipMessage.MAX_HEADER_BYTES));
    assertThat(stream.heard()).isEmpty();
    assertFailed(stream.ended(), Violation.HEADERS_TOO_LONG);
  }

  @Test
  void theLongestHeaderSectionIsFine() {
    final String head = REQUEST + "l: 3\r\nX: ";
    final String message =
        head + "x".repeat(SipMessage.MAX_HEADER_BYTES - head.length() - 4) + "\r\n\r\nabc";
    final Stream stream = rig.open(StreamRig.context().maxMessageSize(message.length()));
    for (int at = 0; at < message.length(); at += 8_000) {
      stream.says(message.substring(at, Math.min(message.length(), at + 8_000)));
    }
    messages(message).accept(stream);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\0", "\n", " OPTIONS", "\r\r\n", "\rO", "\u0016\u0003\u0001", "\u00e9"})
  void whatBeginsNoMessageIsTheEnd(String bytes) {
    however("\r\n" + bytes, refused(Violation.NO_MESSAGE_START, ""));
    assertThat(rig.counter(SipCounter.BAD_MESSAGES)).isPositive();
  }

  @Test
  void everyTwoCrlfsInARowAreAPing() {
    however(
        "\r\n".repeat(5) + M2 + "\r\n" + M2 + "\r\n\r\n",
        stream -> {
          assertThat(stream.heard()).isEqualTo("\r\n".repeat(3));
          assertThat(stream.messages()).isEqualTo(List.of(M2, M2));
        });
  }
}
