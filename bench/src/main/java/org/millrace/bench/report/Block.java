package org.millrace.bench.report;

import java.util.List;

/** A part of a report, from one vertical gap to the next. */
sealed interface Block {
  /** Begins a section. */
  record Heading(String text) implements Block {}

  /** Running text. */
  record Paragraph(String text) implements Block {}

  /** A list whose order means nothing. */
  record Points(List<String> texts) implements Block {
    public Points {
      texts = List.copyOf(texts);
    }
  }

  /** A table. */
  record Tabular(Table table) implements Block {}

  /** A plot. */
  record Drawing(Plot plot) implements Block {}
}
