package org.millrace.engine.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.millrace.engine.reference.Bytes;
import org.millrace.engine.reference.Decided;
import org.millrace.engine.reference.Event;
import org.millrace.engine.reference.FrameVector;
import org.millrace.engine.reference.FrameVectors;
import org.millrace.engine.reference.ReferenceDecoder;
import org.millrace.engine.reference.ReferenceEncoder;

class FrameDecoderTest {
  private static final int LONG_STREAM = 1000;
  private static final int EDGE = 20;

  private final DecoderDriver driver = new DecoderDriver();

  static List<FrameVector> vectors() {
    return FrameVectors.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("vectors")
  void decodesByteByByte(FrameVector vector) {
    final Bytes stream = vector.stream();
    final int bases = stream.length() <= LONG_STREAM ? Long.BYTES : 2;
    for (int base = 0; base < bases; base++) {
      assertThat(driver.decode(vector.rules(), stream, base, DecoderDriver.everyByte(stream)))
          .isEqualTo(vector.expected());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("vectors")
  void decodesAtEverySplit(FrameVector vector) {
    final Bytes stream = vector.stream();
    for (int split : splits(vector)) {
      final int[] ends = {split, stream.length()};
      assertThat(driver.decode(vector.rules(), stream, split & 7, ends))
          .as("split at %d", split)
          .isEqualTo(Decided.inReads(vector.expected(), ends));
    }
  }

  static List<FrameVector> vectorsWithEvents() {
    return vectors().stream().filter(vector -> !vector.expected().isEmpty()).toList();
  }

  /** A header that more bytes follow is decoded at once, not byte by byte. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("vectorsWithEvents")
  void decodesWithMoreBytesInTheSameRead(FrameVector vector) {
    final Bytes next = Bytes.utf8("a ping that is long enough");
    final Bytes stream = vector.stream().followedBy(frame(vector.rules(), Opcode.PING, next));
    final List<Event> expected = new ArrayList<>(events(vector.expected()));
    if (vector.mayGoOn()) {
      expected.add(new Event.Ping(next));
    }
    for (int base = 0; base < Long.BYTES; base++) {
      assertThat(events(driver.decode(vector.rules(), stream, base, stream.length())))
          .isEqualTo(expected);
    }
  }

  /** All of them; of the few long streams, which repeat themselves, those where something ends. */
  private static Set<Integer> splits(FrameVector vector) {
    final int length = vector.stream().length();
    final Set<Integer> splits = new TreeSet<>();
    if (length <= LONG_STREAM) {
      IntStream.rangeClosed(0, length).forEach(splits::add);
      return splits;
    }
    for (int end : new int[] {0, vector.frames().get(0).length(), length}) {
      IntStream.rangeClosed(Math.max(end - EDGE, 0), Math.min(end + EDGE, length))
          .forEach(splits::add);
    }
    return splits;
  }

  @ParameterizedTest
  @EnumSource
  void agreesWithTheReferenceOnEveryPairOfFirstBytes(Role role) {
    final FrameRules rules = new FrameRules(role, 300, 2, false);
    final Bytes open = frame(rules, Opcode.TEXT, Bytes.EMPTY).with(0, Opcode.TEXT);
    final Bytes rest = Bytes.ofHex("00 00 00 00 00 00 00 90").followedBy(Bytes.of(new byte[160]));
    for (Bytes before : List.of(Bytes.EMPTY, open)) {
      for (int pair = 0; pair < 1 << 16; pair++) {
        final Bytes stream =
            Bytes.concat(List.of(before, Bytes.of(pair >> 8, pair), rest)).slice(0, 40);
        final List<Decided> expected = ReferenceDecoder.decode(rules, stream);
        final int[] ends = {before.length(), stream.length()};
        if (!driver.decode(rules, stream, 1, ends).equals(Decided.inReads(expected, ends))) {
          assertThat(driver.decode(rules, stream, 1, ends))
              .as("%s", stream)
              .isEqualTo(Decided.inReads(expected, ends));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void acceptsEveryMinimalLengthUpToTheLimit(Role role) {
    final FrameRules rules = new FrameRules(role, 70_000, 1, false);
    for (int length : new int[] {0, 1, 125, 126, 127, 65_534, 65_535, 65_536, 65_537, 70_000}) {
      final Bytes payload = Bytes.of(new byte[length]);
      final Bytes stream = frame(rules, Opcode.BINARY, payload);
      assertThat(driver.decode(rules, stream, 3, 1, stream.length()))
          .containsExactly(new Decided(new Event.Message(false, payload), stream.length()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void failsOnEveryLengthThatIsNotMinimalUnlessLenient(Role role) {
    final FrameRules strict = new FrameRules(role, 70_000, 1, false);
    final FrameRules lenient = new FrameRules(role, 70_000, 1, true);
    for (int lengthBytes : new int[] {Short.BYTES, Long.BYTES}) {
      final int least = lengthBytes == Short.BYTES ? 126 : 65_536;
      for (int length : new int[] {0, 1, 125, 126, 127, 255, 256, 65_535}) {
        final Bytes payload = Bytes.of(new byte[length]);
        final Bytes stream =
            ReferenceEncoder.frame(Opcode.BINARY, payload)
                .maskedWith(keyFor(strict))
                .lengthBytes(lengthBytes)
                .encode();
        final Event message = new Event.Message(false, payload);
        final Event failed = new Event.Failed(Violation.LENGTH_NOT_MINIMAL);
        for (int first : new int[] {1, stream.length()}) {
          assertThat(events(driver.decode(strict, stream, 0, first, stream.length())))
              .containsExactly(length < least ? failed : message);
          assertThat(events(driver.decode(lenient, stream, 0, first, stream.length())))
              .containsExactly(message);
        }
      }
    }
  }

  /** WS-19: also when the mask phase must survive the end of a read. */
  @Test
  void unmasksAcrossEverySplit() {
    final Bytes payload = Bytes.of(IntStream.range(0, 256).toArray());
    final Bytes stream = ReferenceEncoder.frame(Opcode.BINARY, payload).masked().encode();
    final Event message = new Event.Message(false, payload);
    for (int split = 1; split < stream.length(); split++) {
      for (int end = split; end <= stream.length(); end += 5) {
        final int[] ends = {split, end, stream.length()};
        assertThat(events(driver.decode(FrameVectors.SERVER, stream, split & 3, ends)))
            .containsExactly(message);
      }
    }
  }

  @Test
  void deliversPayloadWithoutWaitingForTheRestOfTheFrame() {
    final FrameDecoder decoder = new FrameDecoder(FrameVectors.SERVER);
    final ByteBuffer buffer = buffer("81 85 37 fa 21 3d 7f 9f 4d 51 58");

    assertThat(decoder.decode(buffer, 0, 8)).isEqualTo(FrameDecoder.PIECE);
    assertThat(decoder.payloadOffset()).isEqualTo(6);
    assertThat(decoder.payloadLength()).isEqualTo(2);
    assertThat(decoder.isFrameStart()).isTrue();
    assertThat(decoder.isFrameEnd()).isFalse();
    assertThat(decoder.decode(buffer, 8, 8)).isEqualTo(FrameDecoder.NEED_MORE);
    assertThat(decoder.decode(buffer, 8, 11)).isEqualTo(FrameDecoder.PIECE);
    assertThat(decoder.isFrameStart()).isFalse();
    assertThat(decoder.isFrameEnd()).isTrue();
    assertThat(decoder.fin()).isTrue();
    assertThat(decoder.position()).isEqualTo(11);
    assertThat(decoder.isBetweenMessages()).isTrue();
  }

  @Test
  void tellsTheTypeOfTheMessageAfterAnInterleavedPing() {
    final FrameDecoder decoder = new FrameDecoder(FrameVectors.CLIENT);
    final ByteBuffer buffer = buffer("02 01 41 89 01 42 80 01 43");

    assertThat(decoder.decode(buffer, 0, 9)).isEqualTo(FrameDecoder.PIECE);
    assertThat(decoder.decode(buffer, decoder.position(), 9)).isEqualTo(FrameDecoder.PIECE);
    assertThat(decoder.isControl()).isTrue();
    assertThat(decoder.opcode()).isEqualTo(Opcode.PING);
    assertThat(decoder.isBetweenMessages()).isFalse();
    assertThat(decoder.decode(buffer, decoder.position(), 9)).isEqualTo(FrameDecoder.PIECE);
    assertThat(decoder.isControl()).isFalse();
    assertThat(decoder.opcode()).isEqualTo(Opcode.CONTINUATION);
    assertThat(decoder.messageType()).isEqualTo(Opcode.BINARY);
    assertThat(decoder.isBetweenMessages()).isTrue();
  }

  @Test
  void staysFailedWhateverFollows() {
    final FrameDecoder decoder = new FrameDecoder(FrameVectors.SERVER);
    final ByteBuffer buffer = buffer("81 05 81 85 37 fa 21 3d 7f 9f 4d 51 58");

    assertThat(decoder.decode(buffer, 0, 2)).isEqualTo(FrameDecoder.FAILED);
    assertThat(decoder.decode(buffer, 2, 13)).isEqualTo(FrameDecoder.FAILED);
    assertThat(decoder.violation()).isEqualTo(Violation.MASK_MISSING);
    assertThat(buffer).isEqualTo(buffer("81 05 81 85 37 fa 21 3d 7f 9f 4d 51 58"));
  }

  @Test
  void neitherUsesNorMovesPositionAndLimit() {
    final FrameDecoder decoder = new FrameDecoder(FrameVectors.CLIENT);
    final ByteBuffer buffer = DecoderDriver.direct(32);
    buffer.put(0, Bytes.ofHex("82 03 01 02 03").toArray());
    buffer.position(7).limit(9);

    assertThat(decoder.decode(buffer, 0, 5)).isEqualTo(FrameDecoder.PIECE);
    assertThat(buffer.position()).isEqualTo(7);
    assertThat(buffer.limit()).isEqualTo(9);
  }

  private static List<Event> events(List<Decided> decided) {
    return decided.stream().map(Decided::event).toList();
  }

  private static Bytes frame(FrameRules receiver, int opcode, Bytes payload) {
    return ReferenceEncoder.frame(opcode, payload).maskedWith(keyFor(receiver)).encode();
  }

  private static Bytes keyFor(FrameRules receiver) {
    return receiver.role() == Role.SERVER ? ReferenceEncoder.KEY : Bytes.EMPTY;
  }

  private static ByteBuffer buffer(String hex) {
    final Bytes bytes = Bytes.ofHex(hex);
    return DecoderDriver.direct(bytes.length()).put(0, bytes.toArray());
  }
}
