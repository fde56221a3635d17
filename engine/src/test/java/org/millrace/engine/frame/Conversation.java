package org.millrace.engine.frame;

import java.util.List;
import java.util.stream.IntStream;
import org.millrace.engine.reference.Bytes;

/**
 * What one peer sends and how it arrives.
 *
 * @param base where each read lies in its buffer.
 * @param ends where the reads end, ascending, the last one at the end of the stream.
 */
record Conversation(FrameRules rules, Bytes stream, int base, List<Integer> ends) {
  /** With reads that end wherever {@code cuts}, taken modulo, fall. */
  static Conversation cut(FrameRules rules, Bytes stream, int base, List<Integer> cuts) {
    final IntStream inside = cuts.stream().mapToInt(cut -> cut % (stream.length() + 1)).sorted();
    return new Conversation(
        rules,
        stream,
        base,
        IntStream.concat(inside, IntStream.of(stream.length())).boxed().toList());
  }

  int[] readEnds() {
    return ends.stream().mapToInt(Integer::intValue).toArray();
  }
}
