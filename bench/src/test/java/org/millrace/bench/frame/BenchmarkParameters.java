package org.millrace.bench.frame;

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.openjdk.jmh.annotations.Param;

/** The values of benchmark parameters, read off their annotations. */
final class BenchmarkParameters {
  private BenchmarkParameters() {}

  static Stream<Arguments> sizesAndContents() {
    return values(FrameDecodeBenchmark.class, "size")
        .flatMap(
            size ->
                values(FrameDecodeBenchmark.class, "content")
                    .map(content -> Arguments.of(size, content)));
  }

  static Stream<Arguments> sizesAndRoles() {
    return values(FrameEncodeBenchmark.class, "size")
        .flatMap(
            size ->
                values(FrameEncodeBenchmark.class, "role").map(role -> Arguments.of(size, role)));
  }

  static Stream<Arguments> sizesAndAlignments() {
    return values(MaskingBenchmark.class, "size")
        .flatMap(
            size ->
                values(MaskingBenchmark.class, "alignment")
                    .map(alignment -> Arguments.of(size, alignment)));
  }

  private static Stream<String> values(Class<?> benchmark, String parameter) {
    try {
      final Field field = benchmark.getDeclaredField(parameter);
      return Arrays.stream(field.getAnnotation(Param.class).value());
    } catch (NoSuchFieldException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
