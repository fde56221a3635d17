package org.millrace.bench.ratios;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The scores as a table, and whether every target was met.
 *
 * @param table one line for each content and peer, below a heading.
 * @param met whether no ratio lies below its target.
 */
record Verdict(List<String> table, boolean met) {
  Verdict {
    table = List.copyOf(table);
  }

  static Verdict of(Scores scores, Targets targets) {
    final List<String> table = new ArrayList<>();
    table.add(
        String.format(
            Locale.ROOT,
            "%-8s %-10s %9s %8s %7s %7s",
            "text",
            "decoder",
            "cpu ns/op",
            "B/op",
            "ratio",
            "target"));
    boolean met = true;
    for (String content : RatiosCommand.CONTENTS) {
      final double own = scores.nanoseconds(content, RatiosCommand.MILLRACE);
      for (String peer : RatiosCommand.DECODERS) {
        final double nanoseconds = scores.nanoseconds(content, peer);
        String line =
            String.format(
                Locale.ROOT,
                "%-8s %-10s %9.1f %8.0f",
                content,
                peer,
                nanoseconds,
                scores.bytes(content, peer));
        if (!peer.equals(RatiosCommand.MILLRACE)) {
          final double ratio = nanoseconds / own;
          final double target = targets.of(content, peer);
          final boolean reached = ratio >= target;
          met &= reached;
          line += String.format(Locale.ROOT, " %6.1fx %6.1fx", ratio, target);
          line += reached ? "" : " MISSED";
        }
        table.add(line);
      }
    }
    return new Verdict(table, met);
  }
}
