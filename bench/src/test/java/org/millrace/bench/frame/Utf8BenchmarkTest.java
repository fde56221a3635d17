package org.millrace.bench.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The answers of {@link Utf8Benchmark}. */
class Utf8BenchmarkTest {
  private final Utf8Benchmark benchmark = new Utf8Benchmark();

  @AfterEach
  void release() {
    benchmark.release();
  }

  @ParameterizedTest
  @MethodSource("org.millrace.bench.frame.BenchmarkParameters#sizesAndContents")
  void everyTextIsValid(int size, String content) {
    benchmark.size = size;
    benchmark.content = content;
    benchmark.prepare();
    final int texts = Content.of(content).texts(size).length;
    for (int i = 0; i <= texts; i++) {
      assertThat(benchmark.millrace()).isTrue();
      assertThat(benchmark.netty()).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("org.millrace.bench.frame.BenchmarkParameters#sizesAndContents")
  void jettyDecodesEveryText(int size, String content) {
    benchmark.size = size;
    benchmark.content = content;
    benchmark.prepare();
    for (byte[] text : Content.of(content).texts(size)) {
      assertThat(benchmark.jetty()).isEqualTo(new String(text, StandardCharsets.UTF_8));
    }
  }

  /** So none of them can have been optimised away. */
  @ParameterizedTest
  @MethodSource("org.millrace.bench.frame.BenchmarkParameters#sizesAndContents")
  void oneWrongByteAtTheEndIsFound(int size, String content) {
    benchmark.size = size;
    final byte[] text = Content.of(content).texts(size)[0];
    text[size - 1] = (byte) 0xC3;
    benchmark.validate(text);
    assertThat(benchmark.millrace()).isFalse();
    assertThat(benchmark.netty()).isFalse();
    assertThatThrownBy(benchmark::jetty).isInstanceOf(InvalidFrameException.class);
  }
}
