package org.millrace.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Who checks the oracle: the literal vectors, the JDK's strict decoder, and the stream's prefixes.
 */
class ReferenceDecoderTest {
  static List<FrameVector> vectors() {
    return FrameVectors.all();
  }

  static List<Utf8Vector> texts() {
    return Utf8Vector.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("vectors")
  void decodesTheVectors(FrameVector vector) {
    assertThat(ReferenceDecoder.decode(vector.rules(), vector.stream()))
        .isEqualTo(vector.expected());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("vectors")
  void decidesNothingBeforeItsByte(FrameVector vector) {
    final Bytes stream = vector.stream();
    for (Decided decided : vector.expected()) {
      assertThat(ReferenceDecoder.decode(vector.rules(), stream.slice(0, decided.at() - 1)))
          .doesNotContain(decided);
      assertThat(ReferenceDecoder.decode(vector.rules(), stream.slice(0, decided.at())))
          .endsWith(decided);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("texts")
  void knowsTheByteThatMakesATextImpossible(Utf8Vector vector) {
    final int impossibleAt = vector.impossibleAt();

    assertThat(ReferenceUtf8.impossibleAt(vector.text()))
        .isEqualTo(impossibleAt == 0 ? -1 : impossibleAt);
    assertThat(ReferenceUtf8.isValid(vector.text())).isEqualTo(impossibleAt == 0);
  }

  @Test
  void agreesWithTheStrictJdkDecoderOnEveryPairAndEveryCodePoint() {
    final CharsetDecoder jdk = StandardCharsets.UTF_8.newDecoder();
    for (int pair = 0; pair < 1 << 16; pair++) {
      final Bytes text = Bytes.of(pair >> 8, pair);
      final boolean valid =
          !jdk.reset()
              .decode(ByteBuffer.wrap(text.toArray()), CharBuffer.allocate(2), true)
              .isError();
      if (ReferenceUtf8.isValid(text) != valid) {
        assertThat(text).as("valid: %s", valid).isNull();
      }
    }
    for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint += 0x3F) {
      final boolean surrogate = codePoint >= 0xD800 && codePoint <= 0xDFFF;
      final Bytes text = Bytes.utf8(Character.toString(codePoint));
      assertThat(surrogate || ReferenceUtf8.isValid(text)).as("%s", text).isTrue();
    }
  }
}
