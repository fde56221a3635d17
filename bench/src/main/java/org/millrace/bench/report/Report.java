package org.millrace.bench.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.millrace.bench.environment.Environment;

/**
 * A report in the making: at its top the command that yields it again and what it was measured on,
 * then whatever is added, in that order. In all texts a part between backticks is code; everything
 * else stands for itself, so nothing needs to be escaped.
 */
public final class Report {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]*");
  private static final String INDEX = "index";
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final String title;
  private final List<Block> blocks = new ArrayList<>();
  private String summary = "";
  private String command = "";
  private List<String> environment = List.of();
  private String date = DATE.format(Instant.now());
  private String data = "";

  private Report(String title) {
    this.title = Objects.requireNonNull(title);
  }

  /** A report with this title and nothing else. */
  public static Report titled(String title) {
    return new Report(title);
  }

  /** What came out, in a sentence; stands below the title, and in the index. */
  public Report summary(String sentence) {
    summary = Objects.requireNonNull(sentence);
    return this;
  }

  /** What a reader types to have this measured again. */
  public Report command(String line) {
    command = Objects.requireNonNull(line);
    return this;
  }

  /** What it was measured on. */
  public Report environment(Environment measuredOn) {
    environment = measuredOn.lines();
    return this;
  }

  /** When it was measured; otherwise that is now. */
  public Report measuredAt(Instant when) {
    date = DATE.format(when);
    return this;
  }

  public Report heading(String text) {
    blocks.add(new Block.Heading(text));
    return this;
  }

  public Report paragraph(String text) {
    blocks.add(new Block.Paragraph(text));
    return this;
  }

  /** One point for each text. */
  public Report points(List<String> texts) {
    blocks.add(new Block.Points(texts));
    return this;
  }

  public Report table(Table table) {
    blocks.add(new Block.Tabular(table));
    return this;
  }

  public Report plot(Plot plot) {
    blocks.add(new Block.Drawing(plot));
    return this;
  }

  /** What the report is made from, for programs; goes into a file of its own. */
  public Report data(String json) {
    data = Objects.requireNonNull(json);
    return this;
  }

  String title() {
    return title;
  }

  String summary() {
    return summary;
  }

  String command() {
    return command;
  }

  List<String> environment() {
    return environment;
  }

  String date() {
    return date;
  }

  boolean hasData() {
    return !data.isEmpty();
  }

  List<Block> blocks() {
    return List.copyOf(blocks);
  }

  List<Plot> plots() {
    return blocks.stream()
        .filter(Block.Drawing.class::isInstance)
        .map(block -> ((Block.Drawing) block).plot())
        .toList();
  }

  /** The file of a plot, beside the Markdown; plots are counted from one. */
  static String plotFile(String name, int number) {
    return name + "-plot-" + number + ".svg";
  }

  /**
   * Writes {@code name.html}, {@code name.md}, the plots as {@code name-plot-N.svg}, {@code
   * name.json} if there is data, and the directory's index. An earlier report of that name is
   * replaced.
   *
   * @param directory is made if it is not there.
   * @param name of lower-case letters, digits and hyphens, and not that of the index.
   */
  public void writeTo(Path directory, String name) throws IOException {
    if (!NAME.matcher(name).matches() || name.equals(INDEX)) {
      throw new IllegalArgumentException("not a name for a report: " + name);
    }
    Files.createDirectories(directory);
    deletePlots(directory, name);
    write(directory.resolve(name + ".html"), new HtmlPage(this, name).text());
    write(directory.resolve(name + ".md"), new MarkdownPage(this, name).text());
    int number = 1;
    for (final Plot plot : plots()) {
      write(directory.resolve(plotFile(name, number++)), plot.svg());
    }
    if (hasData()) {
      write(directory.resolve(name + ".json"), data.stripTrailing() + "\n");
    }
    Index.write(directory);
  }

  private static void deletePlots(Path directory, String name) throws IOException {
    final Pattern plot = Pattern.compile(Pattern.quote(name) + "-plot-[0-9]+\\.svg");
    try (Stream<Path> files = Files.list(directory)) {
      for (final Path file : files.toList()) {
        if (plot.matcher(file.getFileName().toString()).matches()) {
          Files.delete(file);
        }
      }
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardCharsets.UTF_8);
  }
}
