package org.millrace.bench.report;

import java.util.List;

/** A report as one HTML file. */
record HtmlPage(Report report, String name) {
  /** Lines by which the index knows a report. */
  static final String TITLE = "<title>";

  static final String TITLE_END = "</title>";
  static final String SUMMARY = "<meta name=\"description\" content=\"";
  static final String DATE = "<meta name=\"date\" content=\"";
  static final String META_END = "\">";

  static final String STYLE =
      """
      :root { color-scheme: light dark; --text: #1d2329; --page: #fff; --line: #c9d1d9; --soft: #f3f5f7; }
      @media (prefers-color-scheme: dark) {
        :root { --text: #dde3ea; --page: #14181d; --line: #3b444d; --soft: #1e242b; }
      }
      body { font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page);
        max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
      pre { background: var(--soft); padding: .7rem 1rem; overflow-x: auto; font-size: .85rem; }
      code { font-size: .9em; }
      div.table { overflow-x: auto; }
      table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; }
      caption { text-align: left; font-weight: 600; padding-bottom: .3rem; }
      th, td { border-bottom: 1px solid var(--line); padding: .25rem .7rem; text-align: right; }
      th:first-child, td:first-child { text-align: left; }
      svg { max-width: 100%; height: auto; margin: 1rem 0; }
      """;

  String text() {
    final StringBuilder page = new StringBuilder();
    page.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .append(TITLE + Markup.escape(report.title()) + TITLE_END + "\n")
        .append(SUMMARY + Markup.escape(report.summary()) + META_END + "\n")
        .append(DATE + Markup.escape(report.date()) + META_END + "\n")
        .append("<style>\n" + STYLE + "</style>\n</head>\n<body>\n")
        .append("<h1>" + Markup.html(report.title()) + "</h1>\n");
    if (!report.summary().isEmpty()) {
      page.append("<p><strong>" + Markup.html(report.summary()) + "</strong></p>\n");
    }
    page.append("<p>Measured " + report.date() + " by:</p>\n");
    page.append("<pre>" + Markup.escape(report.command()) + "</pre>\n");
    if (!report.environment().isEmpty()) {
      page.append("<pre>" + Markup.escape(String.join("\n", report.environment())) + "</pre>\n");
    }
    report.blocks().forEach(block -> page.append(html(block)).append('\n'));
    if (report.hasData()) {
      page.append("<p>Every figure: <a href=\"" + name + ".json\">" + name + ".json</a></p>\n");
    }
    return page.append("</body>\n</html>\n").toString();
  }

  private static String html(Block block) {
    if (block instanceof Block.Heading heading) {
      return "<h2>" + Markup.html(heading.text()) + "</h2>";
    }
    if (block instanceof Block.Paragraph paragraph) {
      return "<p>" + Markup.html(paragraph.text()) + "</p>";
    }
    if (block instanceof Block.Points points) {
      final StringBuilder list = new StringBuilder("<ul>\n");
      points.texts().forEach(text -> list.append("<li>" + Markup.html(text) + "</li>\n"));
      return list.append("</ul>").toString();
    }
    if (block instanceof Block.Tabular tabular) {
      return table(tabular.table());
    }
    return ((Block.Drawing) block).plot().svg();
  }

  static String table(Table table) {
    final StringBuilder html = new StringBuilder("<div class=\"table\"><table>\n");
    if (!table.caption().isEmpty()) {
      html.append("<caption>" + Markup.html(table.caption()) + "</caption>\n");
    }
    html.append("<thead>").append(row("th", table.columns())).append("</thead>\n<tbody>\n");
    table.rows().forEach(row -> html.append(row("td", row)).append('\n'));
    return html.append("</tbody>\n</table></div>").toString();
  }

  private static String row(String element, List<String> cells) {
    final StringBuilder row = new StringBuilder("<tr>");
    cells.forEach(
        cell -> row.append("<" + element + ">" + Markup.html(cell) + "</" + element + ">"));
    return row.append("</tr>").toString();
  }
}
