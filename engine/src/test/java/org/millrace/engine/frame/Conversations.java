package org.millrace.engine.frame;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import org.millrace.engine.reference.Bytes;
import org.millrace.engine.reference.ReferenceEncoder;

/** Arbitrary conversations: legal ones within small limits, and often one fault in them. */
final class Conversations {
  private static final int ANY = 1 << 20;

  /** What to do to one frame of a legal stream; the result need not be illegal. */
  private enum Fault {
    NONE,
    FIRST_BYTE,
    SECOND_BYTE,
    ANY_BYTE,
    LAST_BYTE,
    LENGTH_FORM,
    LENGTH_TOO_LARGE,
    OTHER_MASKING,
    CLOSE_PAYLOAD,
    REPEATED,
    LEFT_OUT,
    CUT_OFF
  }

  private record Frame(int opcode, boolean fin, Bytes payload) {
    private ReferenceEncoder encoder(Bytes key) {
      return ReferenceEncoder.frame(opcode, payload).fin(fin).maskedWith(key);
    }
  }

  private Conversations() {}

  static Arbitrary<Conversation> any() {
    return Combinators.combine(rules(), streams(), faults(), keys(), cuts(), numbers(7))
        .as(
            (rules, frames, fault, key, cuts, base) -> {
              final Bytes stream = encode(frames, rules.role() == Role.SERVER, key, fault);
              return cuts.isEmpty()
                  ? new Conversation(rules, stream, base, everyByte(stream))
                  : Conversation.cut(rules, stream, base, cuts);
            });
  }

  private static Arbitrary<FrameRules> rules() {
    return Combinators.combine(
            Arbitraries.of(Role.class),
            rarely(Arbitraries.of(125, 300), 65_536),
            rarely(Arbitraries.of(1, 4), 1024),
            Arbitraries.of(true, false))
        .as(FrameRules::new);
  }

  private static Arbitrary<Integer> rarely(Arbitrary<Integer> few, int mostly) {
    return Arbitraries.frequencyOf(Tuple.of(1, few), Tuple.of(4, Arbitraries.just(mostly)));
  }

  private static Arbitrary<List<Frame>> streams() {
    return Arbitraries.frequencyOf(Tuple.of(2, messages()), Tuple.of(1, controls().map(List::of)))
        .list()
        .ofMinSize(1)
        .ofMaxSize(6)
        .map(parts -> parts.stream().flatMap(List::stream).toList());
  }

  private static Arbitrary<List<Frame>> messages() {
    final Arbitrary<Frame> whole =
        Arbitraries.oneOf(
            texts().map(text -> new Frame(Opcode.TEXT, true, text)),
            binaries().map(payload -> new Frame(Opcode.BINARY, true, payload)));
    return Combinators.combine(
            whole, numbers(ANY).list().ofMaxSize(4), controls().list().ofMaxSize(2))
        .as(Conversations::fragmented);
  }

  private static List<Frame> fragmented(Frame whole, List<Integer> cuts, List<Frame> controls) {
    final Bytes payload = whole.payload();
    final List<Integer> ends =
        new ArrayList<>(cuts.stream().map(cut -> cut % (payload.length() + 1)).sorted().toList());
    ends.add(payload.length());
    final List<Frame> frames = new ArrayList<>();
    int begin = 0;
    for (int i = 0; i < ends.size(); i++) {
      final int opcode = i == 0 ? whole.opcode() : Opcode.CONTINUATION;
      final boolean last = i == ends.size() - 1;
      frames.add(new Frame(opcode, last, payload.slice(begin, ends.get(i))));
      begin = ends.get(i);
      if (!last && i < controls.size()) {
        frames.add(controls.get(i));
      }
    }
    return frames;
  }

  private static Arbitrary<Frame> controls() {
    final Arbitrary<Bytes> closes =
        Combinators.combine(
                Arbitraries.of(1000, 1001, 1011, 1014, 3000, 4999),
                Arbitraries.strings().ofMaxLength(30))
            .as(ReferenceEncoder::closePayload);
    return Arbitraries.frequencyOf(
        Tuple.of(8, bytes(125).map(payload -> new Frame(Opcode.PING, true, payload))),
        Tuple.of(8, bytes(125).map(payload -> new Frame(Opcode.PONG, true, payload))),
        Tuple.of(1, closes.map(payload -> new Frame(Opcode.CLOSE, true, payload))),
        Tuple.of(1, Arbitraries.just(new Frame(Opcode.CLOSE, true, Bytes.EMPTY))));
  }

  private static Arbitrary<Bytes> texts() {
    return Arbitraries.frequencyOf(
        Tuple.of(8, Arbitraries.strings().ofMaxLength(60).map(Bytes::utf8)),
        Tuple.of(4, Arbitraries.strings().ascii().ofMaxLength(400).map(Bytes::utf8)),
        Tuple.of(2, Arbitraries.of("é", "€", "😀", "a€").map(text -> Bytes.utf8(text.repeat(70)))),
        Tuple.of(1, bytes(4)));
  }

  private static Arbitrary<Bytes> binaries() {
    return Arbitraries.frequencyOf(
        Tuple.of(12, bytes(300)),
        Tuple.of(2, Arbitraries.of(124, 125, 126, 127).map(n -> Bytes.of(new byte[n]))),
        Tuple.of(1, Arbitraries.of(65_535, 65_536, 65_537).map(n -> Bytes.of(new byte[n]))));
  }

  private static Arbitrary<Bytes> bytes(int longest) {
    return Arbitraries.bytes().array(byte[].class).ofMaxSize(longest).map(Bytes::of);
  }

  private static Arbitrary<Bytes> keys() {
    return Arbitraries.bytes().array(byte[].class).ofSize(4).map(Bytes::of);
  }

  /** Where reads end; none means that every byte is a read of its own. */
  private static Arbitrary<List<Integer>> cuts() {
    return numbers(ANY).list().ofMaxSize(12);
  }

  private static Arbitrary<Integer> numbers(int last) {
    return Arbitraries.integers().between(0, last);
  }

  /** A fault, the frame it is in (modulo), and a number that it may use. */
  private static Arbitrary<Tuple.Tuple3<Fault, Integer, Integer>> faults() {
    return Combinators.combine(
            Arbitraries.frequencyOf(
                Tuple.of(1, Arbitraries.just(Fault.NONE)),
                Tuple.of(2, Arbitraries.of(Fault.class))),
            numbers(ANY),
            numbers(ANY))
        .as(Tuple::of);
  }

  private static Bytes encode(
      List<Frame> frames, boolean masked, Bytes key, Tuple.Tuple3<Fault, Integer, Integer> fault) {
    final Bytes usedKey = masked ? key : Bytes.EMPTY;
    final Bytes otherKey = masked ? Bytes.EMPTY : key;
    final int faulty = fault.get2() % frames.size();
    final List<Bytes> encoded = new ArrayList<>();
    for (int i = 0; i < frames.size(); i++) {
      encoded.add(
          i == faulty
              ? faulty(frames.get(i), usedKey, otherKey, fault.get1(), fault.get3())
              : frames.get(i).encoder(usedKey).encode());
      if (i == faulty && fault.get1() == Fault.CUT_OFF) {
        break;
      }
    }
    return Bytes.concat(encoded);
  }

  private static Bytes faulty(Frame frame, Bytes key, Bytes otherKey, Fault fault, int number) {
    final ReferenceEncoder encoder = frame.encoder(key);
    final Bytes good = encoder.encode();
    final int change = 1 + number % 255;
    return switch (fault) {
      case NONE -> good;
      case FIRST_BYTE -> changed(good, 0, change);
      case SECOND_BYTE -> changed(good, 1, change);
      case ANY_BYTE -> changed(good, number % good.length(), change);
      case LAST_BYTE -> changed(good, good.length() - 1, change);
      case LENGTH_FORM -> encoder.lengthBytes(number % 2 == 0 ? 2 : 8).encode();
      case LENGTH_TOO_LARGE -> encoder.declareLength((long) number << (number % 2 * 62)).encode();
      case OTHER_MASKING -> frame.encoder(otherKey).encode();
      case CLOSE_PAYLOAD -> badClose(number).encoder(key).encode();
      case REPEATED -> good.followedBy(good);
      case LEFT_OUT -> Bytes.EMPTY;
      case CUT_OFF -> good.slice(0, number % good.length());
    };
  }

  private static Frame badClose(int number) {
    final Bytes code = Bytes.of(number >> 8, number);
    return new Frame(
        Opcode.CLOSE,
        true,
        switch (number % 3) {
          case 0 -> code;
          case 1 -> code.slice(0, 1);
          default -> Bytes.of(0x03, 0xE8).followedBy(code);
        });
  }

  private static Bytes changed(Bytes frame, int index, int bits) {
    return frame.with(index, frame.get(index) ^ bits);
  }

  private static List<Integer> everyByte(Bytes stream) {
    return IntStream.rangeClosed(1, stream.length()).boxed().toList();
  }
}
