package org.millrace.engine.reference;

import java.util.List;

/**
 * An event and when it must be known.
 *
 * @param at how many bytes of the stream decide it: not known before, and known once they are read.
 */
public record Decided(Event event, int at) {
  /** What a reader sees that gets the stream in reads which end at {@code ends}, in order. */
  public static List<Decided> inReads(List<Decided> exact, int... ends) {
    return exact.stream().map(decided -> decided.inReads(ends)).toList();
  }

  private Decided inReads(int... ends) {
    for (int end : ends) {
      if (end >= at) {
        return new Decided(event, end);
      }
    }
    throw new IllegalArgumentException("no read reaches byte " + at);
  }
}
