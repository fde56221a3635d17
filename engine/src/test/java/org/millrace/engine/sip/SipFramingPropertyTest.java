package org.millrace.engine.sip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;
import org.millrace.engine.sip.StreamRig.Stream;
import org.millrace.engine.status.EngineCounter;

/** Whatever is said on a stream, and however it is cut, is what the reference makes of it. */
class SipFramingPropertyTest {
  private static final String[] COMMON = {"\r\n", "\r\n\r\n", "\r\n\r\n\r\n"};
  private static final String[] RARE = {"\r", "\n", "\0", " ", "x", "\r\r\n"};

  @Property(tries = 2_000, edgeCases = EdgeCasesMode.NONE)
  void isAsTheReference(
      @ForAll("streams") String stream,
      @ForAll("cuts") List<Integer> cuts,
      @ForAll @IntRange(min = 125, max = 250) int maxMessageSize,
      @ForAll boolean acceptNoContentLength) {
    final ReferenceFraming reference = new ReferenceFraming(maxMessageSize, acceptNoContentLength);
    reference.frame(stream);
    try (StreamRig rig = new StreamRig()) {
      final Stream actual =
          rig.open(
              StreamRig.context()
                  .maxMessageSize(maxMessageSize)
                  .framing(max -> new SipFraming(max, acceptNoContentLength)));
      say(actual, stream, cuts);
      assertThat(actual.messages()).isEqualTo(reference.messages());
      assertThat(rig.counter(EngineCounter.PINGS_RECEIVED)).isEqualTo(reference.pings());
      if (reference.malformed() != null) {
        assertThat(actual.malformed()).containsExactly(reference.malformed());
      }
      assertThat(actual.wire().isOutputShut()).isEqualTo(reference.violation() != null);
      assertThat(actual.ended().violation()).isEqualTo(reference.violation());
      Statistics.label("outcome")
          .collect(reference.violation() == null ? "well-formed" : reference.violation());
    }
  }

  private static void say(Stream to, String stream, List<Integer> cuts) {
    int at = 0;
    for (int i = 0; at < stream.length(); i++) {
      final int length = cuts.get(i % cuts.size());
      final int end = Math.min(stream.length(), at + length);
      if (length % 7 == 0) {
        to.saysIntoAFullRing(stream.substring(at, end));
      } else {
        to.says(stream.substring(at, end));
      }
      at = end;
    }
  }

  @Provide
  Arbitrary<List<Integer>> cuts() {
    return Arbitraries.frequencyOf(
            Tuple.of(3, Arbitraries.integers().between(1, 12)),
            Tuple.of(1, Arbitraries.integers().between(13, 600)))
        .list()
        .ofMinSize(1)
        .ofMaxSize(20);
  }

  @Provide
  Arbitrary<String> streams() {
    return Arbitraries.frequencyOf(
            Tuple.of(10, messages()),
            Tuple.of(6, Arbitraries.of(COMMON)),
            Tuple.of(1, Arbitraries.of(RARE)))
        .list()
        .ofMinSize(1)
        .ofMaxSize(8)
        .map(parts -> String.join("", parts));
  }

  private static Arbitrary<String> messages() {
    final Arbitrary<List<String>> headers =
        Arbitraries.frequencyOf(
                Tuple.of(
                    14,
                    Arbitraries.of(
                        "Via: x",
                        "Call-ID: 1",
                        "c: y",
                        "Contact: <sip:a>",
                        "X: a\r\n Content-Length: 3",
                        "L2: 3",
                        "Subject: \r odd \n",
                        "\r",
                        "Content-Lengt: 1")),
                Tuple.of(1, lengthHeaders()))
            .list()
            .ofMaxSize(9);
    return Combinators.combine(
            Arbitraries.of("OPTIONS sip:x SIP/2.0", "SIP/2.0 200 OK", "x", "A\rB\nC"),
            headers,
            Arbitraries.strings().withChars("ab\r\n ").ofMaxLength(20),
            Arbitraries.integers().between(0, 30))
        .as(SipFramingPropertyTest::message);
  }

  private static Arbitrary<String> lengthHeaders() {
    return Combinators.combine(
            Arbitraries.of("Content-Length", "content-length", "l", "L", "CONTENT-LENGTH"),
            Arbitraries.of(":", " :", "\t : ", ":\r\n ", ":\r\n \r\n\t"),
            Arbitraries.of("0", "5", "5", "20", "0005", "250", "", "-5", "5x", "2147483648", "5 5"),
            Arbitraries.of("", " ", "\r\n\t", "\r"))
        .as((name, colon, value, end) -> name + colon + value + end);
  }

  /**
   * @param odds whether the length is told as it is, mostly.
   */
  private static String message(String start, List<String> headers, String body, int odds) {
    final StringBuilder message = new StringBuilder(start).append("\r\n");
    headers.forEach(header -> message.append(header).append("\r\n"));
    if (odds > 2) {
      message.append(odds % 2 == 0 ? "l: " : "Content-Length:").append(body.length());
      message.append("\r\n");
    }
    return message.append("\r\n").append(odds == 1 ? "" : body).toString();
  }
}
