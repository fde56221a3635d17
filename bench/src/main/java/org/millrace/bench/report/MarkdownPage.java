package org.millrace.bench.report;

import java.util.List;
import java.util.stream.Collectors;

/** A report as Markdown, for those who read it in the repository. Its plots are files beside it. */
final class MarkdownPage {
  private final Report report;
  private final String name;
  private int plots;

  MarkdownPage(Report report, String name) {
    this.report = report;
    this.name = name;
  }

  String text() {
    plots = 0;
    final StringBuilder page = new StringBuilder("# " + Markup.markdown(report.title()) + "\n\n");
    if (!report.summary().isEmpty()) {
      page.append("**" + Markup.markdown(report.summary()) + "**\n\n");
    }
    page.append("Measured " + report.date() + " by:\n\n").append(preformatted(report.command()));
    if (!report.environment().isEmpty()) {
      page.append(preformatted(String.join("\n", report.environment())));
    }
    report.blocks().forEach(block -> page.append(markdown(block)).append("\n\n"));
    if (report.hasData()) {
      page.append("Every figure: [" + name + ".json](" + name + ".json)\n");
    }
    return page.toString().stripTrailing() + "\n";
  }

  private static String preformatted(String text) {
    return "```text\n" + text + "\n```\n\n";
  }

  private String markdown(Block block) {
    if (block instanceof Block.Heading heading) {
      return "## " + Markup.markdown(heading.text());
    }
    if (block instanceof Block.Paragraph paragraph) {
      return Markup.markdown(paragraph.text());
    }
    if (block instanceof Block.Points points) {
      return points.texts().stream()
          .map(text -> "- " + Markup.markdown(text))
          .collect(Collectors.joining("\n"));
    }
    if (block instanceof Block.Tabular tabular) {
      return table(tabular.table());
    }
    final String title = ((Block.Drawing) block).plot().title();
    return "![" + Markup.markdown(title) + "](" + Report.plotFile(name, ++plots) + ")";
  }

  static String table(Table table) {
    final StringBuilder text = new StringBuilder();
    if (!table.caption().isEmpty()) {
      text.append("**" + Markup.markdown(table.caption()) + "**\n\n");
    }
    text.append(row(table.columns())).append("\n| ---");
    text.append(" | ---:".repeat(table.columns().size() - 1)).append(" |");
    table.rows().forEach(row -> text.append('\n').append(row(row)));
    return text.toString();
  }

  private static String row(List<String> cells) {
    return cells.stream().map(Markup::markdown).collect(Collectors.joining(" | ", "| ", " |"));
  }
}
