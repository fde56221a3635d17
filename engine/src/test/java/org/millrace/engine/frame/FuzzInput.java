package org.millrace.engine.frame;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.reference.Bytes;

/**
 * A conversation as the bytes of a fuzzer, so that it varies rules and reads as well as the stream:
 * one byte of options, then the reads, each after one byte that tells its length.
 *
 * <p>Options, from the low bit: client role, lenient length, two bits each for message size, frames
 * per message and alignment.
 */
final class FuzzInput {
  private static final int[] MESSAGE_SIZES = {125, 300, 65_536, 1 << 20};
  private static final int[] FRAMES = {1, 2, 16, 1024};
  private static final int LONGEST_READ = 255;

  private FuzzInput() {}

  static Conversation parse(byte[] input) {
    final int options = input.length == 0 ? 0 : input[0];
    final ByteArrayOutputStream stream = new ByteArrayOutputStream();
    final List<Integer> ends = new ArrayList<>();
    int at = 1;
    while (at < input.length) {
      final int length = Math.min(input[at] & 0xFF, input.length - at - 1);
      stream.write(input, at + 1, length);
      ends.add(stream.size());
      at += 1 + length;
    }
    return new Conversation(
        rules(options), Bytes.of(stream.toByteArray()), (options >> 6) & 3, List.copyOf(ends));
  }

  private static FrameRules rules(int options) {
    return new FrameRules(
        (options & 1) == 0 ? Role.SERVER : Role.CLIENT,
        MESSAGE_SIZES[(options >> 2) & 3],
        FRAMES[(options >> 4) & 3],
        (options & 2) != 0);
  }

  /** The input whose {@link #parse} is {@code conversation}, reads over 255 bytes being divided. */
  static byte[] of(Conversation conversation) {
    final ByteArrayOutputStream input = new ByteArrayOutputStream();
    input.write(options(conversation));
    int begin = 0;
    for (int end : conversation.ends()) {
      while (begin < end) {
        final int length = Math.min(end - begin, LONGEST_READ);
        input.write(length);
        input.writeBytes(conversation.stream().slice(begin, begin + length).toArray());
        begin += length;
      }
    }
    return input.toByteArray();
  }

  private static int options(Conversation conversation) {
    for (int options = 0; options <= 0xFF; options++) {
      if (rules(options).equals(conversation.rules())
          && (options >> 6 & 3) == conversation.base()) {
        return options;
      }
    }
    throw new IllegalArgumentException("no options for " + conversation.rules());
  }
}
