package org.millrace.bench.peers;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.millrace.bench.environment.Environment;
import org.millrace.bench.report.BarPlot;
import org.millrace.bench.report.Report;
import org.millrace.bench.report.Table;

/**
 * The results for people.
 *
 * @param command that yields them again.
 * @param notes how each contender was set up, in the order in which they are listed.
 */
record PeersReport(
    String command,
    Environment environment,
    Settings settings,
    Map<Contender, String> notes,
    List<Boolean> schemes,
    Results results) {
  private static final String ABSENT = "–";
  private static final String BOUND = "*";

  /** Figures with a plot of their own. */
  private static final Set<Figure> PLOTTED =
      EnumSet.of(
          Figure.MESSAGES,
          Figure.MESSAGE_CPU,
          Figure.P50,
          Figure.P99,
          Figure.HANDSHAKES,
          Figure.HANDSHAKE_CPU,
          Figure.RESIDENT);

  Report report(String json) {
    final Report report =
        Report.titled("Millrace and its peers")
            .summary(new Standing(results).summary())
            .command(command)
            .environment(environment)
            .data(json);
    report.heading("How to read this");
    report.points(explanations());
    if (!results.remarks().isEmpty()) {
      report.paragraph("What happened on the way:").points(results.remarks());
    }
    addTraffic(report, false, "Echo of %d B of text".formatted(Settings.PAYLOAD));
    addTraffic(report, true, "SIP: OPTIONS answered by the server itself");
    report.heading("How they were set up");
    report.points(
        notes.entrySet().stream().map(entry -> entry.getKey() + ": " + entry.getValue()).toList());
    return report;
  }

  private List<String> explanations() {
    final List<String> points = new ArrayList<>();
    points.add(
        "Each server is a process of its own, the JVMs with the same JDK and flags. All live through"
            + " all rounds (%d here), and in each round every server has its turn."
                .formatted(settings.rounds()));
    points.add(
        "Before, each was kept busy until it had used %d s of CPU with messages and as much with"
                .formatted(settings.warmUp().toSeconds())
            + " handshakes, over ws and over wss each.");
    points.add(
        "A figure is the median of the rounds, with the lowest and the highest behind it. The ratio"
            + " is the median of each round's ratio to Millrace in that round: 2.00 is twice"
            + " Millrace's figure. On another machine figures differ, ratios should not.");
    points.add(
        "The generator runs on the same machine and takes a core of it. A figure with %s is its own,"
                .formatted(BOUND)
            + " too: it had no time left, so the server could do more; then server CPU tells them"
            + " apart, not throughput or latency.");
    points.add(
        "Throughput: %d connections with %d messages under way on each. Latency: %d messages a"
                .formatted(settings.connections(), Settings.OUTSTANDING, settings.rate())
            + " second over these connections, whatever the answers do. Connections that come and"
            + " go: %d at a time. Idle: %d connections, each after one message."
                .formatted(Settings.AT_A_TIME, settings.idle()));
    points.add(
        "Resident memory of a JVM is the growth of its heap in use plus the growth of all else that"
            + " it holds; the heap's pages are touched before. For this each server is started anew and is"
            + " shown little before. The kernel's socket buffers are in no"
            + " figure. No extension is offered, so nothing is compressed; texts are checked to be"
            + " UTF-8 by all; nobody logs messages.");
    return points;
  }

  /** The tables as text. */
  List<String> lines() {
    final List<String> lines = new ArrayList<>();
    for (final boolean sip : new boolean[] {false, true}) {
      for (final Mode mode : Mode.values()) {
        final List<Contender> contenders = contenders(sip);
        final List<Figure> figures = figures(mode, contenders);
        if (!figures.isEmpty()) {
          lines.addAll(table(mode, figures, contenders).lines());
        }
      }
      lines.addAll(new Standing(results).losses(sip));
    }
    lines.add(new Standing(results).summary());
    return lines;
  }

  private List<Contender> contenders(boolean sip) {
    return notes.keySet().stream().filter(contender -> contender.isSip() == sip).toList();
  }

  private List<Figure> figures(Mode mode, List<Contender> contenders) {
    return Figure.of(mode).stream().filter(figure -> isMeasured(figure, contenders)).toList();
  }

  private void addTraffic(Report report, boolean sip, String heading) {
    final List<Contender> contenders = contenders(sip);
    if (contenders.isEmpty()) {
      return;
    }
    report.heading(heading);
    final List<String> losses = new Standing(results).losses(sip);
    if (!losses.isEmpty()) {
      report.paragraph("Where others are better:").points(losses);
    }
    for (final Mode mode : Mode.values()) {
      final List<Figure> figures = figures(mode, contenders);
      if (!figures.isEmpty()) {
        report.table(table(mode, figures, contenders));
        figures.stream()
            .filter(PLOTTED::contains)
            .forEach(figure -> report.plot(plot(figure, contenders)));
      }
    }
  }

  private boolean isMeasured(Figure figure, List<Contender> contenders) {
    return results.keys().stream()
        .anyMatch(key -> key.figure() == figure && contenders.contains(key.contender()));
  }

  private Table table(Mode mode, List<Figure> figures, List<Contender> contenders) {
    final List<String> columns = new ArrayList<>(List.of("server", "over"));
    for (final Figure figure : figures) {
      columns.add(figure.unit());
      columns.add("ratio");
    }
    final Table table = Table.of(mode.title(), columns);
    for (final boolean secure : schemes) {
      for (final Contender contender : contenders) {
        final List<String> row = new ArrayList<>(List.of(contender.toString(), Run.scheme(secure)));
        for (final Figure figure : figures) {
          final Results.Key key = new Results.Key(contender, secure, figure);
          row.add(figure(key));
          row.add(results.ratio(key).map(ratio -> ratio(ratio.median())).orElse(ABSENT));
        }
        table.row(row);
      }
    }
    return table;
  }

  private String figure(Results.Key key) {
    final Optional<Spread> spread = results.spread(key);
    if (spread.isEmpty()) {
      return ABSENT;
    }
    final Spread of = spread.get();
    final String bound = results.isGeneratorBound(key) ? BOUND : "";
    return of.low() < of.high()
        ? "%s%s (%s–%s)".formatted(number(of.median()), bound, number(of.low()), number(of.high()))
        : number(of.median()) + bound;
  }

  /** Three digits that mean something. */
  static String number(double value) {
    final double size = Math.abs(value);
    final String format = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, value);
  }

  private static String ratio(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private BarPlot plot(Figure figure, List<Contender> contenders) {
    final BarPlot plot =
        BarPlot.of(
                figure.mode().title() + ": " + figure.unit(),
                schemes.stream().map(Run::scheme).toList())
            .y(figure.unit());
    for (final Contender contender : contenders) {
      final List<Optional<Spread>> spreads =
          schemes.stream()
              .map(secure -> results.spread(new Results.Key(contender, secure, figure)))
              .toList();
      plot.series(
          contender.toString(),
          spreads.stream().mapToDouble(of -> of.map(Spread::median).orElse(Double.NaN)).toArray(),
          spreads.stream().mapToDouble(of -> of.map(Spread::low).orElse(Double.NaN)).toArray(),
          spreads.stream().mapToDouble(of -> of.map(Spread::high).orElse(Double.NaN)).toArray());
    }
    return plot;
  }
}
