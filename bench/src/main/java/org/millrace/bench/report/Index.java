package org.millrace.bench.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The index of a directory of reports: {@code index.html} and {@code README.md}. Both are made anew
 * from what lies there.
 */
public final class Index {
  private static final String HTML = ".html";
  private static final String PAGE = "index.html";
  private static final String TITLE = "What was measured";
  private static final String INTRODUCTION =
      "Written by `./millrace bench`, and by nothing else. The command at the top of each report"
          + " yields it again; on another machine the figures differ, the ratios should not.";

  private Index() {}

  /** A report that lies in the directory. */
  private record Entry(String name, String title, String summary, String date) {}

  /** Writes both files; also those call it who put data beside the reports. */
  public static void write(Path directory) throws IOException {
    final List<Entry> reports = reports(directory);
    final List<String> data = data(directory, reports);
    Files.writeString(directory.resolve(PAGE), html(reports, data), StandardCharsets.UTF_8);
    Files.writeString(
        directory.resolve("README.md"), markdown(reports, data), StandardCharsets.UTF_8);
  }

  private static List<Entry> reports(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(HTML))
          .filter(file -> !file.getFileName().toString().equals(PAGE))
          .sorted()
          .map(Index::entry)
          .toList();
    }
  }

  private static Entry entry(Path page) {
    final String file = page.getFileName().toString();
    final String text;
    try {
      text = Files.readString(page, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Entry(
        file.substring(0, file.length() - HTML.length()),
        between(text, HtmlPage.TITLE, HtmlPage.TITLE_END),
        between(text, HtmlPage.SUMMARY, HtmlPage.META_END),
        between(text, HtmlPage.DATE, HtmlPage.META_END));
  }

  private static String between(String text, String begin, String end) {
    final int at = text.indexOf(begin);
    if (at < 0) {
      return "";
    }
    final int from = at + begin.length();
    final int to = text.indexOf(end, from);
    return to < 0 ? "" : Markup.unescape(text.substring(from, to));
  }

  /** Files with figures that belong to no report: baselines. */
  private static List<String> data(Path directory, List<Entry> reports) throws IOException {
    final List<String> ofReports = reports.stream().map(entry -> entry.name() + ".json").toList();
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .map(file -> directory.relativize(file).toString().replace('\\', '/'))
          .filter(file -> file.endsWith(".json") && !ofReports.contains(file))
          .sorted()
          .toList();
    }
  }

  private static String html(List<Entry> reports, List<String> data) {
    final StringBuilder page = new StringBuilder();
    page.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .append("<title>" + TITLE + "</title>\n<style>\n" + HtmlPage.STYLE + "</style>\n")
        .append("</head>\n<body>\n<h1>" + TITLE + "</h1>\n")
        .append("<p>" + Markup.html(INTRODUCTION) + "</p>\n<ul>\n");
    for (final Entry entry : reports) {
      page.append("<li><a href=\"" + entry.name() + HTML + "\">" + Markup.html(entry.title()))
          .append("</a> (" + Markup.html(entry.date()) + ") " + Markup.html(entry.summary()))
          .append("</li>\n");
    }
    page.append("</ul>\n");
    if (!data.isEmpty()) {
      page.append("<h2>Baselines and other data</h2>\n");
      page.append(list("<ul>\n", data, file -> link(file) + "\n", "</ul>\n"));
    }
    return page.append("</body>\n</html>\n").toString();
  }

  private static String link(String file) {
    return "<li><a href=\"" + Markup.escape(file) + "\">" + Markup.escape(file) + "</a></li>";
  }

  private static String markdown(List<Entry> reports, List<String> data) {
    final StringBuilder page = new StringBuilder("# " + TITLE + "\n\n" + INTRODUCTION + "\n\n");
    for (final Entry entry : reports) {
      page.append("- [" + Markup.markdown(entry.title()) + "](" + entry.name() + ".md)")
          .append(" (" + entry.date() + ", [HTML](" + entry.name() + HTML + ")) ")
          .append(Markup.markdown(entry.summary()).strip() + "\n");
    }
    if (!data.isEmpty()) {
      page.append("\n## Baselines and other data\n\n");
      page.append(list("", data, file -> "- [" + file + "](" + file + ")\n", ""));
    }
    return page.toString();
  }

  private static String list(
      String begin, List<String> items, Function<String, String> item, String end) {
    return items.stream().map(item).collect(Collectors.joining("", begin, end));
  }
}
