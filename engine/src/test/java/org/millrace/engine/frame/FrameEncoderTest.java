package org.millrace.engine.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.reference.Bytes;
import org.millrace.engine.reference.Decided;
import org.millrace.engine.reference.Event;
import org.millrace.engine.reference.ReferenceEncoder;

class FrameEncoderTest {
  private static final byte GUARD = 0x5A;
  private static final int[] LENGTHS = {0, 1, 7, 125, 126, 127, 65_535, 65_536, 65_537};

  private final ByteBuffer buffer = DecoderDriver.direct(70_000);
  private final int key = DecoderDriver.direct(4).put(0, ReferenceEncoder.KEY.toArray()).getInt(0);

  @ParameterizedTest(name = "WS-28 {0} bytes")
  @CsvSource({
    "0, 82 00",
    "125, 82 7d",
    "126, 82 7e 00 7e",
    "65535, 82 7e ff ff",
    "65536, 82 7f 00 00 00 00 00 01 00 00"
  })
  void writesTheServersHeader(int length, String header) {
    assertEncodes(Role.SERVER, length, Bytes.ofHex(header));
  }

  @ParameterizedTest(name = "WS-29 {0} bytes")
  @CsvSource({
    "0, 82 80 37 fa 21 3d",
    "125, 82 fd 37 fa 21 3d",
    "126, 82 fe 00 7e 37 fa 21 3d",
    "65535, 82 fe ff ff 37 fa 21 3d",
    "65536, 82 ff 00 00 00 00 00 01 00 00 37 fa 21 3d"
  })
  void writesTheClientsHeader(int length, String header) {
    assertEncodes(Role.CLIENT, length, Bytes.ofHex(header));
  }

  private void assertEncodes(Role role, int length, Bytes header) {
    final Bytes payload = counting(length);
    final Bytes onWire =
        role == Role.CLIENT ? ReferenceEncoder.mask(payload, ReferenceEncoder.KEY) : payload;
    for (int offset = 1; offset <= Long.BYTES; offset++) {
      assertThat(FrameEncoder.headerLength(role, length)).isEqualTo(header.length());
      buffer.put(offset - 1, GUARD).put(offset + header.length() + length, GUARD);

      assertThat(encode(role, Opcode.BINARY, true, offset, payload))
          .isEqualTo(header.followedBy(onWire));
      assertThat(buffer.get(offset - 1)).isEqualTo(GUARD);
      assertThat(buffer.get(offset + header.length() + length)).isEqualTo(GUARD);
    }
  }

  @ParameterizedTest
  @EnumSource
  void roundTripsThroughThePeersDecoder(Role role) {
    final DecoderDriver driver = new DecoderDriver();
    final FrameRules peer =
        new FrameRules(role == Role.SERVER ? Role.CLIENT : Role.SERVER, 1 << 20, 8, false);
    for (int length : LENGTHS) {
      final Bytes payload = counting(length);
      final Bytes half = counting(length / 2);
      final Bytes message =
          encode(role, Opcode.BINARY, false, 1, payload)
              .followedBy(encode(role, Opcode.CONTINUATION, false, 2, Bytes.EMPTY))
              .followedBy(encode(role, Opcode.PONG, true, 3, Bytes.EMPTY))
              .followedBy(encode(role, Opcode.CONTINUATION, true, 3, half));

      assertThat(driver.decode(peer, message, 0, 5, message.length()))
          .extracting(Decided::event)
          .containsExactly(
              new Event.Pong(Bytes.EMPTY), new Event.Message(false, payload.followedBy(half)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void writesEveryOpcodeWithAndWithoutFin(Role role) {
    final Bytes payload = Bytes.utf8("SIP!");
    final Bytes wireKey = role == Role.CLIENT ? ReferenceEncoder.KEY : Bytes.EMPTY;
    for (int opcode : new int[] {0, 1, 2, 8, 9, 10}) {
      for (boolean fin : new boolean[] {false, true}) {
        assertThat(encode(role, opcode, fin, 0, payload))
            .isEqualTo(
                ReferenceEncoder.frame(opcode, payload).fin(fin).maskedWith(wireKey).encode());
      }
    }
  }

  @Test
  void asksForOneKeyPerFrameAndNoneAsServer() {
    final int[] asked = new int[1];
    final MaskingKeys counting = () -> asked[0]++;
    for (int frame = 1; frame <= 3; frame++) {
      FrameEncoder.encode(Role.CLIENT, Opcode.PONG, true, buffer, 0, 0, counting);
      assertThat(asked[0]).isEqualTo(frame);
    }
    FrameEncoder.encode(Role.SERVER, Opcode.TEXT, true, buffer, 0, 5, null);
  }

  /** WS-29: 1000 frames, none with the key of another. */
  @Test
  void masksEveryFrameWithAKeyOfItsOwn() {
    final MaskingKeys keys = new SecureMaskingKeys();
    final Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      FrameEncoder.encode(Role.CLIENT, Opcode.BINARY, true, buffer, 0, 0, keys);
      seen.add(buffer.getInt(FrameLayout.BASE_LENGTH));
    }
    assertThat(seen).hasSizeGreaterThan(997);
  }

  @Test
  void neitherUsesNorMovesPositionAndLimit() {
    buffer.position(40).limit(50);
    FrameEncoder.encode(Role.CLIENT, Opcode.TEXT, true, buffer, 0, 20, () -> key);

    assertThat(buffer.position()).isEqualTo(40);
    assertThat(buffer.limit()).isEqualTo(50);
  }

  private Bytes encode(Role role, int opcode, boolean fin, int offset, Bytes payload) {
    final int payloadAt = offset + FrameEncoder.headerLength(role, payload.length());
    buffer.put(payloadAt, payload.toArray());
    final int length =
        FrameEncoder.encode(role, opcode, fin, buffer, offset, payload.length(), () -> key);
    final byte[] frame = new byte[length];
    buffer.get(offset, frame);
    return Bytes.of(frame);
  }

  private static Bytes counting(int length) {
    return Bytes.of(IntStream.range(0, length).toArray());
  }
}
