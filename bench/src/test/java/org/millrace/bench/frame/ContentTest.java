package org.millrace.bench.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentTest {
  @ParameterizedTest
  @ValueSource(ints = {64, 600, 1500, 16384, 65536})
  void mixedTextsHaveOneWideCharacterInTen(int size) {
    final byte[][] texts = Content.MIXED.texts(size);
    long characters = 0;
    long wide = 0;
    for (byte[] text : texts) {
      assertThat(text).hasSize(size);
      final String decoded = new String(text, StandardCharsets.UTF_8);
      assertThat(decoded).doesNotContain("\uFFFD");
      characters += decoded.codePoints().count();
      wide += decoded.codePoints().filter(c -> c > 0x7F).count();
    }
    assertThat((double) wide / characters).isCloseTo(0.1, within(0.03));
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 600, 1500, 16384, 65536})
  void asciiTextsAreAscii(int size) {
    for (byte[] text : Content.ASCII.texts(size)) {
      assertThat(text).hasSize(size);
      assertThat(new String(text, StandardCharsets.UTF_8)).hasSize(size);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 65536})
  void textsAreTheSameEveryTime(int size) {
    assertThat(Arrays.deepEquals(Content.MIXED.texts(size), Content.MIXED.texts(size))).isTrue();
  }
}
