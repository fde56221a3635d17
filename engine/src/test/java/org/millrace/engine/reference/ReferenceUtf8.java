package org.millrace.engine.reference;

import java.util.ArrayList;
import java.util.List;

/**
 * UTF-8 from its definition (RFC 3629 section 3): the bytes of a code point so far leave a range of
 * code points that they may still become, and the text is impossible once no allowed one is in it.
 */
public final class ReferenceUtf8 {
  private static final int LAST_CODE_POINT = 0x10FFFF;
  private static final int FIRST_SURROGATE = 0xD800;
  private static final int LAST_SURROGATE = 0xDFFF;

  private final List<Integer> codePoint = new ArrayList<>();
  private boolean impossible;

  /**
   * How many bytes of {@code text} make it impossible, or -1 if it is the beginning of a valid one.
   */
  public static int impossibleAt(Bytes text) {
    final ReferenceUtf8 utf8 = new ReferenceUtf8();
    for (int i = 0; i < text.length(); i++) {
      utf8.accept(text.get(i));
      if (utf8.isImpossible()) {
        return i + 1;
      }
    }
    return -1;
  }

  public static boolean isValid(Bytes text) {
    final ReferenceUtf8 utf8 = new ReferenceUtf8();
    for (int i = 0; i < text.length(); i++) {
      utf8.accept(text.get(i));
    }
    return utf8.isComplete();
  }

  /** Takes the next byte of the text, 0 to 255. */
  public void accept(int b) {
    codePoint.add(b);
    final int length = lengthByLead(codePoint.get(0));
    impossible |= length == 0 || !mayBecomeCodePoint(length);
    if (codePoint.size() == length) {
      codePoint.clear();
    }
  }

  /** Whether the text is invalid whatever follows. */
  public boolean isImpossible() {
    return impossible;
  }

  /** Whether the text is valid if it ends here. */
  public boolean isComplete() {
    return !impossible && codePoint.isEmpty();
  }

  private static int lengthByLead(int lead) {
    if (lead >> 7 == 0b0) {
      return 1;
    } else if (lead >> 5 == 0b110) {
      return 2;
    } else if (lead >> 4 == 0b1110) {
      return 3;
    } else if (lead >> 3 == 0b11110) {
      return 4;
    }
    return 0;
  }

  private boolean mayBecomeCodePoint(int length) {
    final int lead = codePoint.get(0);
    int lowest = length == 1 ? lead : lead & (0x7F >> length);
    int highest = lowest;
    for (int i = 1; i < length; i++) {
      final boolean known = i < codePoint.size();
      if (known && codePoint.get(i) >> 6 != 0b10) {
        return false;
      }
      lowest = (lowest << 6) | (known ? codePoint.get(i) & 0x3F : 0x00);
      highest = (highest << 6) | (known ? codePoint.get(i) & 0x3F : 0x3F);
    }
    return highest >= firstCodePointOf(length)
        && lowest <= LAST_CODE_POINT
        && !(lowest >= FIRST_SURROGATE && highest <= LAST_SURROGATE);
  }

  private static int firstCodePointOf(int length) {
    return switch (length) {
      case 1 -> 0x0;
      case 2 -> 0x80;
      case 3 -> 0x800;
      default -> 0x10000;
    };
  }
}
