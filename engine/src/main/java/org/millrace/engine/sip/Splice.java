package org.millrace.engine.sip;

/**
 * A copy of a message with some ranges replaced. What no edit names stays byte for byte as it was
 * (C-15). One message at a time; edits must not overlap.
 */
final class Splice {
  private static final int MOST_EDITS = SipMessage.MAX_HEADERS + 32;

  private final SipWriter inserts = new SipWriter();
  private final SipWriter output = new SipWriter();
  private final int[] from = new int[MOST_EDITS];
  private final int[] to = new int[MOST_EDITS];
  private final int[] insertFrom = new int[MOST_EDITS + 1];
  private final int[] order = new int[MOST_EDITS];
  private int edits;

  void begin() {
    inserts.clear();
    output.clear();
    edits = 0;
  }

  /**
   * Puts in place of {@code [start, end)} what is written until the next edit. Edits at the same
   * place keep their order.
   */
  SipWriter replace(int start, int end) {
    from[edits] = start;
    to[edits] = end;
    insertFrom[edits] = inserts.length();
    edits++;
    return inserts;
  }

  SipWriter insert(int at) {
    return replace(at, at);
  }

  void delete(int start, int end) {
    replace(start, end);
  }

  /** Writes {@code [start, end)} of the message with the edits; valid until the next begin. */
  SipWriter apply(byte[] message, int start, int end) {
    insertFrom[edits] = inserts.length();
    sort();
    int at = start;
    for (int i = 0; i < edits; i++) {
      final int edit = order[i];
      output.put(message, at, from[edit] - at);
      final int text = insertFrom[edit];
      output.put(inserts.bytes(), text, insertFrom[edit + 1] - text);
      at = to[edit];
    }
    return output.put(message, at, end - at);
  }

  /** Edits come nearly in order: insertion. */
  private void sort() {
    for (int i = 0; i < edits; i++) {
      int at = i;
      while (at > 0 && comesAfter(order[at - 1], i)) {
        order[at] = order[at - 1];
        at--;
      }
      order[at] = i;
    }
  }

  /** By place; at the same place what inserts goes before what replaces. */
  private boolean comesAfter(int edit, int other) {
    return from[edit] > from[other] || (from[edit] == from[other] && to[edit] > to[other]);
  }
}
