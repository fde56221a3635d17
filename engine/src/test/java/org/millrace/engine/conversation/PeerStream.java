package org.millrace.engine.conversation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.millrace.engine.frame.FrameRules;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.frame.Role;
import org.millrace.engine.reference.Bytes;
import org.millrace.engine.reference.Decided;
import org.millrace.engine.reference.ReferenceDecoder;
import org.millrace.engine.reference.ReferenceEncoder;

/**
 * All that one peer sends, and what it amounts to.
 *
 * @param rules those of this side.
 */
record PeerStream(FrameRules rules, Bytes bytes, List<Decided> decided) {
  private static final int[] CLOSE_CODES = {1000, 1001, 1003, 1010, 1011, 1014, 3000, 4999};
  private static final String[] WORDS = {"INVITE", " ", "é", "€", "\uFFFF", "😀"};
  private static final int LONGEST_CONTROL = 125;
  private static final int HEADER_AND_SOME = 20;

  /** What a part of a conversation is about. */
  enum Kind {
    TEXT,
    BINARY,
    PING,
    PONG,
    CLOSE,
    EMPTY_CLOSE,
    BAD_TEXT
  }

  /**
   * A message or a control frame.
   *
   * @param fragments how many frames a message is divided into.
   * @param seed of its bytes, of where it is divided, and of the pings between its frames.
   */
  record Part(Kind kind, int size, int fragments, int seed) {}

  /** What happens to one frame of the conversation, whose number is taken modulo. */
  enum Fault {
    NONE,
    BITS,
    CUT_OFF,
    LEFT_OUT,
    REPEATED
  }

  record Mutation(Fault fault, int frame, int number) {}

  PeerStream(FrameRules rules, Bytes bytes) {
    this(rules, bytes, ReferenceDecoder.decode(rules, bytes));
  }

  static PeerStream of(FrameRules rules, List<Part> parts, Mutation mutation) {
    final List<Bytes> frames = new ArrayList<>();
    parts.forEach(part -> addFrames(frames, part, rules.role()));
    final int index = mutation.frame() % frames.size();
    frames.set(index, mutated(frames.get(index), mutation));
    return new PeerStream(rules, Bytes.concat(frames));
  }

  private static void addFrames(List<Bytes> frames, Part part, Role role) {
    final Random random = new Random(part.seed());
    final Bytes payload = payload(part, random);
    switch (part.kind()) {
      case TEXT, BAD_TEXT -> addMessage(frames, Opcode.TEXT, payload, part, role, random);
      case BINARY -> addMessage(frames, Opcode.BINARY, payload, part, role, random);
      case PING -> add(frames, ReferenceEncoder.frame(Opcode.PING, payload), role, random);
      case PONG -> add(frames, ReferenceEncoder.frame(Opcode.PONG, payload), role, random);
      case CLOSE, EMPTY_CLOSE ->
          add(frames, ReferenceEncoder.frame(Opcode.CLOSE, payload), role, random);
    }
  }

  private static Bytes payload(Part part, Random random) {
    final int control = Math.min(part.size(), LONGEST_CONTROL);
    return switch (part.kind()) {
      case TEXT -> text(part.size(), random);
      case BINARY, BAD_TEXT -> anyBytes(part.size(), random);
      case PING, PONG -> anyBytes(control, random);
      case EMPTY_CLOSE -> Bytes.EMPTY;
      case CLOSE ->
          ReferenceEncoder.closePayload(CLOSE_CODES[random.nextInt(CLOSE_CODES.length)], "bye €");
    };
  }

  private static Bytes anyBytes(int length, Random random) {
    final byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return Bytes.of(bytes);
  }

  /** At most {@code length} bytes of text, up to the last code point that fits. */
  private static Bytes text(int length, Random random) {
    final List<Bytes> words = new ArrayList<>();
    int left = length;
    while (left > 0) {
      final Bytes word = Bytes.utf8(WORDS[random.nextInt(WORDS.length)]);
      words.add(word.length() <= left ? word : Bytes.utf8(" "));
      left -= words.get(words.size() - 1).length();
    }
    return Bytes.concat(words);
  }

  private static void addMessage(
      List<Bytes> frames, int opcode, Bytes payload, Part part, Role role, Random random) {
    int begin = 0;
    for (int i = 1; i <= part.fragments(); i++) {
      final boolean last = i == part.fragments();
      final int end =
          last ? payload.length() : begin + random.nextInt(payload.length() - begin + 1);
      final ReferenceEncoder frame =
          ReferenceEncoder.frame(i == 1 ? opcode : Opcode.CONTINUATION, payload.slice(begin, end));
      add(frames, frame.fin(last), role, random);
      if (!last && random.nextBoolean()) {
        add(frames, ReferenceEncoder.frame(Opcode.PING, anyBytes(4, random)), role, random);
      }
      begin = end;
    }
  }

  private static void add(
      List<Bytes> frames, ReferenceEncoder frame, Role receiver, Random random) {
    final Bytes key = anyBytes(4, random);
    frames.add((receiver == Role.SERVER ? frame.maskedWith(key) : frame).encode());
  }

  private static Bytes mutated(Bytes frame, Mutation mutation) {
    final int number = mutation.number();
    return switch (mutation.fault()) {
      case NONE -> frame;
      case BITS -> {
        final int index = number % Math.min(frame.length(), HEADER_AND_SOME);
        yield frame.with(index, frame.get(index) ^ (1 << (number >> 8) % 8));
      }
      case CUT_OFF -> frame.slice(0, number % frame.length());
      case LEFT_OUT -> Bytes.EMPTY;
      case REPEATED -> frame.followedBy(frame);
    };
  }

  @Override
  public String toString() {
    return rules + " " + bytes + " -> " + decided;
  }
}
