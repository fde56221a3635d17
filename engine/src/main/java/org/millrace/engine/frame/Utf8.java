package org.millrace.engine.frame;

import java.nio.ByteBuffer;

/**
 * Incremental UTF-8 validation (RFC 3629 section 3; requirements ).
 *
 * <p>A shift automaton: a state is a shift count, and the table holds for every byte value the nine
 * next states, six bits each. A step is one load, independent of the state, and one shift. Runs of
 * ASCII are skipped 32 bytes at a time; once a byte is not ASCII the automaton runs for {@value
 * #DFA_RUN} bytes before ASCII is looked for again, which keeps mixed text free of mispredicted
 * branches.
 */
public final class Utf8 {
  /** State between code points: where validation starts, and where a valid text ends. */
  public static final int ACCEPT = 6;

  /** State after an impossible byte. No byte leads out of it. */
  public static final int REJECT = 0;

  // Shift counts of the other states, named by what they still wait for.
  private static final int ONE_MORE = 12;
  private static final int TWO_MORE = 18;
  private static final int THREE_MORE = 24;
  private static final int AFTER_E0 = 30;
  private static final int AFTER_ED = 36;
  private static final int AFTER_F0 = 42;
  private static final int AFTER_F4 = 48;

  private static final int STATE_BITS = 0x3F;
  private static final int DFA_RUN = 128;
  private static final int ASCII_BLOCK = 4 * Long.BYTES;
  private static final long NON_ASCII = 0x8080_8080_8080_8080L;
  private static final long[] NEXT = table();

  private Utf8() {}

  /** Whether the bytes are a whole valid UTF-8 text. Arguments as in {@link #validate}. */
  public static boolean isValid(ByteBuffer buffer, int offset, int length) {
    return validate(buffer, offset, length, ACCEPT) == ACCEPT;
  }

  /**
   * Validates the next piece of a text.
   *
   * @param buffer direct and in native order; position and limit are neither used nor moved.
   * @param state {@link #ACCEPT} at the start of a text, afterwards what the last call returned.
   * @return {@link #REJECT} if the text is invalid whatever follows, {@link #ACCEPT} if it is valid
   *     should it end here, another value if it ends within a code point.
   */
  public static int validate(ByteBuffer buffer, int offset, int length, int state) {
    final int end = offset + length;
    int i = offset;
    long s = state;
    while (i < end) {
      if ((s & STATE_BITS) == ACCEPT) {
        i = skipAscii(buffer, i, end);
      }
      final int run = Math.min(end, i + DFA_RUN);
      for (; i < run; i++) {
        s = NEXT[buffer.get(i) & 0xFF] >>> s;
      }
      if ((s & STATE_BITS) == REJECT) {
        return REJECT;
      }
    }
    return (int) s & STATE_BITS;
  }

  private static int skipAscii(ByteBuffer buffer, int offset, int end) {
    int i = offset;
    while (i <= end - ASCII_BLOCK) {
      final long bytes =
          buffer.getLong(i)
              | buffer.getLong(i + Long.BYTES)
              | buffer.getLong(i + 2 * Long.BYTES)
              | buffer.getLong(i + 3 * Long.BYTES);
      if ((bytes & NON_ASCII) != 0) {
        return i;
      }
      i += ASCII_BLOCK;
    }
    while (i <= end - Long.BYTES) {
      if ((buffer.getLong(i) & NON_ASCII) != 0) {
        return i;
      }
      i += Long.BYTES;
    }
    return i;
  }

  private static long[] table() {
    final long[] next = new long[256];
    fill(next, 0x00, 0x7F, ACCEPT, ACCEPT);
    fill(next, 0xC2, 0xDF, ACCEPT, ONE_MORE);
    fill(next, 0xE0, 0xE0, ACCEPT, AFTER_E0);
    fill(next, 0xE1, 0xEC, ACCEPT, TWO_MORE);
    fill(next, 0xED, 0xED, ACCEPT, AFTER_ED);
    fill(next, 0xEE, 0xEF, ACCEPT, TWO_MORE);
    fill(next, 0xF0, 0xF0, ACCEPT, AFTER_F0);
    fill(next, 0xF1, 0xF3, ACCEPT, THREE_MORE);
    fill(next, 0xF4, 0xF4, ACCEPT, AFTER_F4);
    fill(next, 0x80, 0xBF, ONE_MORE, ACCEPT);
    fill(next, 0x80, 0xBF, TWO_MORE, ONE_MORE);
    fill(next, 0x80, 0xBF, THREE_MORE, TWO_MORE);
    fill(next, 0xA0, 0xBF, AFTER_E0, ONE_MORE); // no overlong form
    fill(next, 0x80, 0x9F, AFTER_ED, ONE_MORE); // no surrogate
    fill(next, 0x90, 0xBF, AFTER_F0, TWO_MORE); // no overlong form
    fill(next, 0x80, 0x8F, AFTER_F4, TWO_MORE); // nothing above U+10FFFF
    return next;
  }

  /** Transitions that are not filled in stay zero, which is {@link #REJECT}. */
  private static void fill(long[] next, int first, int last, int from, int to) {
    for (int b = first; b <= last; b++) {
      next[b] |= (long) to << from;
    }
  }
}
