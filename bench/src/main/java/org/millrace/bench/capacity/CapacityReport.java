package org.millrace.bench.capacity;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.millrace.bench.capacity.Measurement.Resident;
import org.millrace.bench.capacity.Measurement.Step;
import org.millrace.bench.capacity.Measurement.Throughput;
import org.millrace.bench.capacity.model.LineFit;
import org.millrace.bench.capacity.model.UnsupportedModelException;
import org.millrace.bench.capacity.model.UslFit;
import org.millrace.bench.report.LinePlot;
import org.millrace.bench.report.Report;
import org.millrace.bench.report.Table;
import org.millrace.bench.statistics.Median;

/** A measurement for people. */
final class CapacityReport {
  private static final double US = 1e6;
  private static final double MIB = 1 << 20;
  private static final int CURVE_POINTS = 60;

  private final Measurement measured;

  CapacityReport(Measurement measured) {
    this.measured = measured;
  }

  /** What was found, a line each. */
  List<String> lines() {
    final List<String> lines = new ArrayList<>();
    lines.add(
        "%s, %s over %s, %s"
            .formatted(
                measured.server(),
                measured.scenario(),
                measured.tls() ? "wss" : "ws",
                measured.level()));
    lines.add("exchanges a second over " + measured.connections() + ": " + measured.rate());
    lines.add("connections: " + measured.open());
    lines.add("CPU an exchange: " + cpu());
    lines.add("memory a connection: " + memory());
    lines.add(
        String.format(
            Locale.ROOT,
            "CPU of a connection that comes and goes: %.0f us",
            Median.of(measured.handshakeCpu()) * US));
    lines.add("scalability: " + scalability());
    return lines;
  }

  private String cpu() {
    try {
      final LineFit line = measured.cpu();
      return String.format(
          Locale.ROOT,
          "%s us, and %.3f cores whatever the rate; R\u00b2 %.3f",
          line.each().times(US),
          line.base(),
          line.rSquared());
    } catch (UnsupportedModelException e) {
      return "not told; " + e.getMessage();
    }
  }

  private String memory() {
    try {
      final LineFit line = measured.bytes();
      return String.format(
          Locale.ROOT,
          "%s B, and %.0f MiB without any; R\u00b2 %.3f",
          line.each(),
          line.base() / MIB,
          line.rSquared());
    } catch (UnsupportedModelException e) {
      return "not told; " + e.getMessage();
    }
  }

  private String scalability() {
    try {
      final UslFit fit = measured.usl();
      return String.format(
          Locale.ROOT,
          "contention %s, coherence %s; most at %.0f at a time: %.0f a second; R\u00b2 %.3f",
          fit.sigma(),
          fit.kappa(),
          fit.best().peak(),
          fit.best().most(),
          fit.rSquared());
    } catch (UnsupportedModelException e) {
      return "not told; " + e.getMessage();
    }
  }

  void writeTo(Path directory) throws IOException {
    final Report report =
        Report.titled("Capacity")
            .summary(
                "One server holds %s exchanges a second, and %s connections (%s)."
                    .formatted(measured.rate(), measured.open(), measured.level()))
            .command(measured.command())
            .environment(measured.environment())
            .points(lines())
            .paragraph(
                "The generator ran on the same machine as the server. An exchange is a message and"
                    + " its answer. Bands are of 95 %: of least squares for lines, of a bootstrap"
                    + " over the repeats for the law of scalability.")
            .heading("Rates")
            .table(rates())
            .plot(cpuPlot())
            .heading("Messages at a time")
            .paragraph(
                "Closed loop, one message under way on each connection. Points at which the"
                    + " generator was the bottleneck are not the server's, and not fitted.")
            .plot(throughputPlot())
            .heading("Idle connections")
            .plot(memoryPlot())
            .data(measured.json());
    report.writeTo(directory, "capacity");
  }

  private Table rates() {
    final Table table = Table.of("Each try of a rate", "a second", "p99 ms", "loss", "cores", "");
    for (final Step step : measured.steps()) {
      table.row(
          String.format(Locale.ROOT, "%.0f", step.rate()),
          String.format(Locale.ROOT, "%.2f", step.p99Ms()),
          String.format(Locale.ROOT, "%.2g", step.loss()),
          String.format(Locale.ROOT, "%.2f", step.cpu()),
          switch (step.outcome()) {
            case "HELD" -> "held";
            case "FAILED" -> "not held";
            default -> "the generator was the bottleneck";
          });
    }
    return table;
  }

  private LinePlot cpuPlot() {
    final List<Step> held =
        measured.steps().stream().filter(step -> step.outcome().equals("HELD")).toList();
    final LinePlot plot = LinePlot.of("Server CPU at a rate").x("exchanges a second").y("cores");
    final double[] xs = held.stream().mapToDouble(Step::rate).toArray();
    plot.points("measured", xs, held.stream().mapToDouble(Step::cpu).toArray());
    try {
      final LineFit line = measured.cpu();
      final double[] ends = IntStream.of(0, 1).mapToDouble(i -> i * max(xs)).toArray();
      plot.line("fitted", ends, new double[] {line.at(0), line.at(ends[1])});
    } catch (UnsupportedModelException e) {
      return plot; // the text says why there is no line
    }
    return plot;
  }

  private LinePlot memoryPlot() {
    final LinePlot plot = LinePlot.of("Resident memory").x("idle connections").y("MiB");
    final double[] xs = measured.memory().stream().mapToDouble(Resident::connections).toArray();
    plot.points(
        "measured", xs, measured.memory().stream().mapToDouble(one -> one.bytes() / MIB).toArray());
    try {
      final LineFit line = measured.bytes();
      plot.line(
          "fitted",
          new double[] {0, max(xs)},
          new double[] {line.at(0) / MIB, line.at(max(xs)) / MIB});
    } catch (UnsupportedModelException e) {
      return plot; // as above
    }
    return plot;
  }

  private LinePlot throughputPlot() {
    final LinePlot plot = LinePlot.of("Throughput").x("messages at a time").y("exchanges a second");
    points(plot, "the server's", false);
    points(plot, "the generator's", true);
    try {
      final UslFit fit = measured.usl();
      final double most =
          measured.throughput().stream().mapToInt(Throughput::concurrency).max().orElse(1);
      final double[] xs =
          IntStream.rangeClosed(0, CURVE_POINTS)
              .mapToDouble(i -> 1 + (most - 1) * i / CURVE_POINTS)
              .toArray();
      plot.band(
          "95 %",
          xs,
          IntStream.range(0, xs.length).mapToDouble(i -> fit.at(xs[i]).low()).toArray(),
          IntStream.range(0, xs.length).mapToDouble(i -> fit.at(xs[i]).high()).toArray());
      plot.line("fitted", xs, Arrays.stream(xs).map(fit.best()::at).toArray());
    } catch (UnsupportedModelException e) {
      return plot; // as above
    }
    return plot;
  }

  private void points(LinePlot plot, String name, boolean client) {
    final List<Throughput> some =
        measured.throughput().stream().filter(one -> one.client() == client).toList();
    if (!some.isEmpty()) {
      plot.points(
          name,
          some.stream().mapToDouble(Throughput::concurrency).toArray(),
          some.stream().mapToDouble(Throughput::perSecond).toArray());
    }
  }

  private static double max(double... values) {
    return Arrays.stream(values).max().orElse(1);
  }
}
