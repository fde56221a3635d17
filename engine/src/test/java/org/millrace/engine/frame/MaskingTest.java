package org.millrace.engine.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.reference.Bytes;
import org.millrace.engine.reference.ReferenceEncoder;

class MaskingTest {
  private static final int LONGEST = 100;
  private static final int LAST_OFFSET = 16;
  private static final byte GUARD = 0x5A;

  private final ByteBuffer buffer = DecoderDriver.direct(512);

  @ParameterizedTest
  @ValueSource(
      strings = {"37 fa 21 3d", "00 00 00 01", "80 00 00 00", "ff ff ff ff", "00 00 00 00"})
  void equalsTheByteWiseDefinitionAtEveryOffsetLengthAndSplit(String hex) {
    final Bytes key = Bytes.ofHex(hex);
    final byte[] actual = new byte[1 + LONGEST + 1];
    for (int length = 0; length <= LONGEST; length++) {
      final Bytes payload = counting(length);
      final Bytes guard = Bytes.of(GUARD);
      final Bytes expected =
          guard.followedBy(ReferenceEncoder.mask(payload, key)).followedBy(guard);
      for (int offset = 1; offset <= LAST_OFFSET + 1; offset++) {
        for (int split = 0; split <= length; split++) {
          buffer.put(offset - 1, GUARD).put(offset, payload.toArray());
          buffer.put(offset + length, GUARD);
          final int rest = Masking.apply(buffer, offset, split, nativeKey(key));
          Masking.apply(buffer, offset + split, length - split, rest);
          buffer.get(offset - 1, actual, 0, length + 2);
          if (!Bytes.of(actual).slice(0, length + 2).equals(expected)) {
            assertThat(Bytes.of(actual).slice(0, length + 2))
                .as("offset %d, split %d", offset, split)
                .isEqualTo(expected);
          }
        }
      }
    }
  }

  /** WS-19 on the payload alone; through the decoder it is in {@link FrameDecoderTest}. */
  @Test
  void unmasksAllByteValuesInManyPieces() {
    final Bytes payload = counting(256);
    for (int step = 1; step <= 256; step++) {
      buffer.put(3, ReferenceEncoder.mask(payload, ReferenceEncoder.KEY).toArray());
      int key = nativeKey(ReferenceEncoder.KEY);
      for (int at = 0; at < 256; at += step) {
        key = Masking.apply(buffer, 3 + at, Math.min(step, 256 - at), key);
      }
      assertThat(content(3, 256)).as("pieces of %d", step).isEqualTo(payload);
    }
  }

  @Test
  void returnsTheKeyOfTheByteThatFollows() {
    final int key = nativeKey(ReferenceEncoder.KEY);
    final Bytes twice = ReferenceEncoder.KEY.followedBy(ReferenceEncoder.KEY);
    for (int length = 0; length <= LONGEST; length++) {
      final int phase = length % 4;
      final int expected = nativeKey(twice.slice(phase, phase + 4));
      assertThat(Masking.apply(buffer, 0, length, key)).isEqualTo(expected);
      assertThat(Masking.rotate(key, length)).isEqualTo(expected);
    }
  }

  @Test
  void takesAKeyInNativeOrder() {
    assertThat(Masking.fromBigEndian(0x37FA213D)).isEqualTo(nativeKey(ReferenceEncoder.KEY));
  }

  @Test
  void leavesPayloadAloneWhenTheKeyIsZero() {
    buffer.put(0, counting(LONGEST).toArray());

    assertThat(Masking.apply(buffer, 0, LONGEST, 0)).isZero();
    assertThat(content(0, LONGEST)).isEqualTo(counting(LONGEST));
  }

  private static int nativeKey(Bytes key) {
    return DecoderDriver.direct(4).put(0, key.toArray()).getInt(0);
  }

  private static Bytes counting(int length) {
    return Bytes.of(IntStream.range(0, length).toArray());
  }

  private Bytes content(int offset, int length) {
    final byte[] content = new byte[length];
    buffer.get(offset, content);
    return Bytes.of(content);
  }
}
