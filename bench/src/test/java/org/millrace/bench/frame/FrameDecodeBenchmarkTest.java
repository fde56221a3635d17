package org.millrace.bench.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The answers of {@link FrameDecodeBenchmark}. */
class FrameDecodeBenchmarkTest {
  private final FrameDecodeBenchmark benchmark = new FrameDecodeBenchmark();

  private void prepare(int size, String content) {
    benchmark.size = size;
    benchmark.content = content;
    benchmark.prepare();
  }

  @AfterEach
  void release() {
    if (benchmark.netty != null) {
      benchmark.release();
    }
  }

  @ParameterizedTest
  @MethodSource("org.millrace.bench.frame.BenchmarkParameters#sizesAndContents")
  void copiesEveryFrame(int size, String content) {
    prepare(size, content);
    final byte[] copied = new byte[benchmark.frames.frameLength()];
    for (int i = 0; i <= benchmark.frames.count(); i++) {
      benchmark.copyBaseline().get(0, copied);
      final byte[] payload = benchmark.frames.lastPayload();
      assertThat(copied).isEqualTo(PlainFrame.client(payload, MaskedFrames.MASKING_KEY));
    }
  }

  @ParameterizedTest
  @MethodSource("org.millrace.bench.frame.BenchmarkParameters#sizesAndContents")
  void millraceDecodesEveryFrame(int size, String content) {
    prepare(size, content);
    for (int i = 0; i <= benchmark.frames.count(); i++) {
      assertThat(benchmark.millrace()).isEqualTo(size);
      assertThat(benchmark.millrace.lastPayload()).isEqualTo(benchmark.frames.lastPayload());
    }
  }

  @ParameterizedTest
  @MethodSource("org.millrace.bench.frame.BenchmarkParameters#sizesAndContents")
  void jettyDecodesEveryFrame(int size, String content) {
    prepare(size, content);
    for (int i = 0; i <= benchmark.frames.count(); i++) {
      final int characters = benchmark.jetty();
      final String expected = new String(benchmark.frames.lastPayload(), StandardCharsets.UTF_8);
      assertThat(characters).isEqualTo(expected.length());
      assertThat(benchmark.jetty.lastMessage()).isEqualTo(expected);
      assertThat(benchmark.jettyValidationOnly()).isEqualTo(size);
      assertThat(benchmark.jetty.lastPayload()).isEqualTo(benchmark.frames.lastPayload());
    }
  }

  @ParameterizedTest
  @MethodSource("org.millrace.bench.frame.BenchmarkParameters#sizesAndContents")
  void nettyDecodesEveryFrame(int size, String content) {
    prepare(size, content);
    for (int i = 0; i <= benchmark.frames.count(); i++) {
      assertThat(benchmark.netty()).isEqualTo(size);
      final TextWebSocketFrame frame = benchmark.netty.decodeFrame();
      assertThat(ByteBufUtil.getBytes(frame.content())).isEqualTo(benchmark.frames.lastPayload());
      assertThat(frame.release()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({"600, 0", "600, 299", "600, 599", "65536, 65535"})
  void everyPeerRefusesTextWithOneWrongByte(int size, int at) {
    final byte[] text = Content.ASCII.texts(size)[0];
    text[at] = (byte) 0xFF;
    everyPeerRefuses(text);
  }

  /** Only the end of the message tells that the last character is not whole. */
  @ParameterizedTest
  @ValueSource(ints = {64, 600, 65536})
  void everyPeerRefusesTextThatEndsWithinACharacter(int size) {
    final byte[] text = Content.ASCII.texts(size)[0];
    text[size - 2] = (byte) 0xE4;
    text[size - 1] = (byte) 0xB8;
    everyPeerRefuses(text);
  }

  private static void everyPeerRefuses(byte[] text) {
    final MaskedFrames frames = new MaskedFrames(text);
    final MillraceDecode millrace = new MillraceDecode(frames);
    assertThatThrownBy(millrace::decode).isInstanceOf(InvalidFrameException.class);
    assertThatThrownBy(new JettyDecode(frames)::decodeMessage)
        .isInstanceOf(InvalidFrameException.class);
    assertThatThrownBy(new JettyDecode(frames)::decodeFrame)
        .isInstanceOf(InvalidFrameException.class);
    final NettyDecode netty = new NettyDecode(frames, PooledByteBufAllocator.DEFAULT);
    assertThatThrownBy(netty::decode).isInstanceOf(InvalidFrameException.class);
    netty.close();
  }
}
