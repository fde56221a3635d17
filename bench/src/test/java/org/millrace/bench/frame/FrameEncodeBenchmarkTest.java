package org.millrace.bench.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.millrace.engine.frame.Role;

/** The answers of {@link FrameEncodeBenchmark}: each peer's frame, byte for byte. */
class FrameEncodeBenchmarkTest {
  private final FrameEncodeBenchmark benchmark = new FrameEncodeBenchmark();

  private void prepare(int size, Role role) {
    benchmark.size = size;
    benchmark.role = role;
    benchmark.prepare();
  }

  @AfterEach
  void release() {
    benchmark.release();
  }

  @ParameterizedTest
  @MethodSource("org.millrace.bench.frame.BenchmarkParameters#sizesAndRoles")
  void millraceEncodes(int size, Role role) {
    prepare(size, role);
    for (int i = 0; i < 3; i++) {
      assertIsFrame(benchmark.millrace.lastFrame(benchmark.millrace()));
    }
  }

  @ParameterizedTest
  @MethodSource("org.millrace.bench.frame.BenchmarkParameters#sizesAndRoles")
  void jettyEncodes(int size, Role role) {
    prepare(size, role);
    for (int i = 0; i < 3; i++) {
      assertIsFrame(benchmark.jetty.lastFrame(benchmark.jetty()));
    }
  }

  @ParameterizedTest
  @MethodSource("org.millrace.bench.frame.BenchmarkParameters#sizesAndRoles")
  void nettyEncodes(int size, Role role) {
    prepare(size, role);
    for (int i = 0; i < 3; i++) {
      final ByteBuf frame = Unpooled.buffer();
      benchmark.netty.keepIn(frame);
      assertThat(benchmark.netty()).isEqualTo(frame.readableBytes());
      assertIsFrame(ByteBufUtil.getBytes(frame));
    }
  }

  private void assertIsFrame(byte[] frame) {
    if (benchmark.role == Role.SERVER) {
      assertThat(frame).isEqualTo(PlainFrame.server(benchmark.payload));
      return;
    }
    final int keyAt = frame.length - benchmark.payload.length - 4;
    int key = 0;
    for (int i = 0; i < 4; i++) {
      key |= (frame[keyAt + i] & 0xFF) << (8 * i);
    }
    assertThat(frame).isEqualTo(PlainFrame.client(benchmark.payload, key));
  }
}
