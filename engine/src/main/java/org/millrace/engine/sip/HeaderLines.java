package org.millrace.engine.sip;

import java.util.Arrays;

/**
 * The lines of a header section, as offsets into the text: found in one pass, folded lines and all
 * (RFC 3261 section 7.3.1). To be used again, by one thread at a time.
 */
final class HeaderLines {
  private final int[] ids;
  private final int[] lineStarts;
  private final int[] valueStarts;
  private final int[] valueEnds;
  private final int[] lineEnds;
  private final int[] firsts = new int[HeaderName.LIMIT];
  private final int[] counts = new int[HeaderName.LIMIT];
  private byte[] text;
  private SipDefect defect = SipDefect.NONE;
  private int count;
  private int end;
  private boolean full;

  /**
   * @param most lines that a section may have.
   */
  HeaderLines(int most) {
    ids = new int[most];
    lineStarts = new int[most];
    valueStarts = new int[most];
    valueEnds = new int[most];
    lineEnds = new int[most];
  }

  void clear() {
    count = 0;
    full = false;
    defect = SipDefect.NONE;
    Arrays.fill(firsts, -1);
    Arrays.fill(counts, 0);
  }

  /**
   * Reads the lines up to the blank one; {@link #end} tells where that is, or where there can be
   * none any more.
   *
   * @param from behind the start line.
   * @param limit behind the last byte that may belong to it.
   * @return whether there was a blank line.
   */
  boolean read(byte[] newText, int from, int limit) {
    text = newText;
    int at = from;
    while (at <= limit - 2 && !isLineEnd(at)) {
      final int lineEnd = lineEnd(at, limit);
      if (lineEnd < 0) {
        end = limit;
        return false;
      }
      if (count == ids.length) {
        full = true;
        end = at;
        return false;
      }
      line(at, lineEnd);
      at = lineEnd;
    }
    end = Math.min(at, limit);
    return at <= limit - 2;
  }

  private boolean isLineEnd(int at) {
    return text[at] == '\r' && text[at + 1] == '\n';
  }

  private void fail(SipDefect reason) {
    if (defect == SipDefect.NONE) {
      defect = reason;
    }
  }

  /** Behind the CRLF that ends the header field, folded lines and all; -1 if there is none. */
  private int lineEnd(int from, int limit) {
    int at = from;
    while (true) {
      at = Octets.nextControl(text, at, limit);
      if (at >= limit) {
        return -1;
      }
      final byte b = text[at++];
      if (b == '\r' && at < limit && text[at] == '\n') {
        at++;
        if (at == limit || !isFold(text[at])) {
          return at;
        }
      } else if (b == '\r' || b == '\n') {
        fail(SipDefect.BAD_HEADER); // what others might take for the end of the line
      }
    }
  }

  private int trimName(int from, int to) {
    int end = to;
    while (end > from && isFold(text[end - 1])) {
      end--;
    }
    return end;
  }

  private static boolean isFold(byte b) {
    return b == ' ' || b == '\t';
  }

  private void line(int lineStart, int lineEnd) {
    final int colon = Octets.nextColon(text, lineStart, lineEnd);
    final int nameEnd = trimName(lineStart, colon);
    final int id = HeaderName.of(text, lineStart, nameEnd - lineStart);
    // what is known by its name needs no further look at it
    if (colon == lineEnd || (id == HeaderName.OTHER && !Octets.isToken(text, lineStart, nameEnd))) {
      fail(SipDefect.BAD_HEADER);
      return;
    }
    final int index = count++;
    ids[index] = id;
    lineStarts[index] = lineStart;
    valueStarts[index] = Octets.skipSpace(text, colon + 1, lineEnd);
    valueEnds[index] = Octets.trimEnd(text, valueStarts[index], lineEnd);
    lineEnds[index] = lineEnd;
    if (firsts[id] < 0) {
      firsts[id] = index;
    }
    counts[id]++;
    if (counts[id] > 1 && HeaderName.isSingle(id)) {
      fail(SipDefect.DUPLICATE_HEADER);
    }
  }

  // ---- what has been found ----

  /** The first thing that was wrong with a line. */
  SipDefect defect() {
    return defect;
  }

  /** The blank line, or where reading ended. */
  int end() {
    return end;
  }

  /** Whether reading ended because there were too many. */
  boolean isFull() {
    return full;
  }

  int count() {
    return count;
  }

  boolean has(int id) {
    return firsts[id] >= 0;
  }

  int count(int id) {
    return counts[id];
  }

  /** The index of the first line of that name, or -1. */
  int first(int id) {
    return firsts[id];
  }

  /** The index of the next line of the same name, or -1. */
  int next(int index) {
    final int id = ids[index];
    if (counts[id] == 1) {
      return -1;
    }
    for (int i = index + 1; i < count; i++) {
      if (ids[i] == id) {
        return i;
      }
    }
    return -1;
  }

  int id(int index) {
    return ids[index];
  }

  int lineStart(int index) {
    return lineStarts[index];
  }

  int valueStart(int index) {
    return valueStarts[index];
  }

  int valueEnd(int index) {
    return valueEnds[index];
  }

  int lineEnd(int index) {
    return lineEnds[index];
  }
}
