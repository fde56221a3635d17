package org.millrace.bench.frame;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The answers of {@link MaskingBenchmark}. */
class MaskingBenchmarkTest {
  private final MaskingBenchmark benchmark = new MaskingBenchmark();

  private void prepare(int size, int alignment) {
    benchmark.size = size;
    benchmark.alignment = alignment;
    benchmark.prepare();
  }

  @ParameterizedTest
  @MethodSource("org.millrace.bench.frame.BenchmarkParameters#sizesAndAlignments")
  void millraceMasksAndUnmasks(int size, int alignment) {
    prepare(size, alignment);
    final byte[] plain = payload(alignment);
    final byte[] masked = new byte[size];
    for (int i = 0; i < size; i++) {
      masked[i] = (byte) (plain[i] ^ (MaskingBenchmark.KEY >>> (8 * (i % 4))));
    }
    final int nextKey = Integer.rotateRight(MaskingBenchmark.KEY, 8 * (size % 4));

    assertThat(benchmark.millrace()).isEqualTo(nextKey);
    assertThat(payload(alignment)).isEqualTo(masked);
    assertThat(benchmark.millrace()).isEqualTo(nextKey);
    assertThat(payload(alignment)).isEqualTo(plain);
  }

  @ParameterizedTest
  @MethodSource("org.millrace.bench.frame.BenchmarkParameters#sizesAndAlignments")
  void copyCopies(int size, int alignment) {
    prepare(size, alignment);
    final byte[] copied = new byte[size];
    benchmark.copyBaseline().get(alignment, copied);
    assertThat(copied).isEqualTo(payload(alignment));
  }

  private byte[] payload(int alignment) {
    final byte[] payload = new byte[benchmark.size];
    benchmark.payload.get(alignment, payload);
    return payload;
  }
}
