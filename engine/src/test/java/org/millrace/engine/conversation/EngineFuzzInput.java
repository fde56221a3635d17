package org.millrace.engine.conversation;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.frame.FrameRules;
import org.millrace.engine.frame.Role;
import org.millrace.engine.reference.Bytes;

/**
 * A conversation as the bytes of a fuzzer: one byte of options, then the reads, each after one byte
 * that tells its length and what happens about it.
 *
 * <p>Options, from the low bit: client role, lenient length, two bits each for message size and
 * frames per message, output blocked until the end.
 *
 * <p>Before a read, from the low bit: six bits of length, in steps of 16 from 32 on; whether the
 * engine comes to rest after it; whether the ring is full before it.
 */
record EngineFuzzInput(PeerStream stream, boolean blocked, List<Read> reads) {
  private static final int[] MESSAGE_SIZES = {125, 1000, 65_536, 1 << 20};
  private static final int[] FRAMES = {1, 3, 16, 1024};
  private static final int BLOCKED = 1 << 6;
  private static final int LENGTH = 63;
  private static final int REST = 1 << 6;
  private static final int FULL = 1 << 7;
  private static final int EXACT_LENGTHS = 32;
  private static final int STRIDE = 16;

  record Read(int length, boolean ringFull, boolean rest) {}

  static EngineFuzzInput parse(byte[] input) {
    final int options = input.length == 0 ? 0 : input[0];
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    final List<Read> reads = new ArrayList<>();
    int at = 1;
    while (at < input.length) {
      final int how = input[at++];
      final int length = Math.min(length(how & LENGTH), input.length - at);
      bytes.write(input, at, length);
      at += length;
      reads.add(new Read(length, (how & FULL) != 0, (how & REST) != 0));
    }
    return new EngineFuzzInput(
        new PeerStream(rules(options), Bytes.of(bytes.toByteArray())),
        (options & BLOCKED) != 0,
        List.copyOf(reads));
  }

  private static int length(int code) {
    return code < EXACT_LENGTHS ? code : EXACT_LENGTHS + (code - EXACT_LENGTHS) * STRIDE;
  }

  private static FrameRules rules(int options) {
    return new FrameRules(
        (options & 1) == 0 ? Role.SERVER : Role.CLIENT,
        MESSAGE_SIZES[(options >> 2) & 3],
        FRAMES[(options >> 4) & 3],
        (options & 2) != 0);
  }

  /**
   * An input that parses as these rules and this stream, in reads of about {@code readLength}.
   *
   * @param variety from which follows what happens about each read.
   */
  static byte[] of(FrameRules rules, Bytes stream, int readLength, int variety) {
    final ByteArrayOutputStream input = new ByteArrayOutputStream();
    input.write(options(rules) | (variety % 4 == 3 ? BLOCKED : 0));
    int begin = 0;
    for (int i = variety; begin < stream.length(); i++) {
      final int length = Math.min(Math.min(readLength, EXACT_LENGTHS - 1), stream.length() - begin);
      input.write(length | (i % 2 == 0 ? REST : 0) | (i % 3 == 0 ? FULL : 0));
      input.writeBytes(stream.slice(begin, begin + length).toArray());
      begin += length;
    }
    return input.toByteArray();
  }

  private static int options(FrameRules rules) {
    for (int options = 0; options < BLOCKED; options++) {
      if (rules(options).equals(rules)) {
        return options;
      }
    }
    throw new IllegalArgumentException("no options for " + rules);
  }
}
