package org.millrace.bench.load;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** A result for people. */
record Summary(LoadResult result) {
  private static final double NS_PER_MS = 1e6;
  private static final double MIB = 1 << 20;
  private static final double PERCENT = 100;
  private static final double NS_PER_US = 1e3;
  private static final double US_PER_S = 1e6;

  List<String> lines() {
    final List<String> lines = new ArrayList<>(result.environment());
    final LoadPlan plan = result.plan();
    lines.add(
        String.format(
            Locale.ROOT,
            "%s at %s: %d connections, %.0f s, %d process(es)",
            plan.scenario(),
            plan.server(),
            plan.connections(),
            result.seconds(),
            plan.processes()));
    if (result.intended() > 0) {
      addMessages(lines);
    }
    lines.add("handshakes: " + percentiles(result.handshake()));
    result.server().ifPresent(server -> lines.add(line(server)));
    lines.add(line(result.client()));
    new TreeMap<>(result.notes())
        .forEach((kind, count) -> lines.add("note: " + kind + ": " + count));
    new TreeMap<>(result.errors())
        .forEach((kind, count) -> lines.add("ERROR: " + kind + ": " + count));
    for (final String reason : result.bottlenecks()) {
      lines.add("THE GENERATOR WAS TOO SLOW: " + reason);
    }
    return lines;
  }

  private void addMessages(List<String> lines) {
    lines.add(
        String.format(
            Locale.ROOT,
            "messages: %d intended, %d sent, %d answered, %d lost, %d not sent; %.1f answers/s",
            result.intended(),
            result.sent(),
            result.answered(),
            result.lost(),
            result.total().unsent(),
            result.answersPerSecond()));
    lines.add("latency: " + percentiles(result.latency()));
    if (result.steps().size() > 1) {
      for (int i = 0; i < result.steps().size(); i++) {
        final Tally step = result.steps().get(i);
        lines.add(
            String.format(
                Locale.ROOT,
                "  %8.0f/s: %d lost, %d not sent; %s",
                result.plan().pace().steps().get(i).to(),
                step.lost(),
                step.unsent(),
                percentiles(step.latency())));
      }
    }
  }

  private static String percentiles(Histogram histogram) {
    return String.format(
        Locale.ROOT,
        "%d, p50 %.3f ms, p90 %.3f ms, p99 %.3f ms, p99.9 %.3f ms, max %.3f ms",
        histogram.getTotalCount(),
        histogram.getValueAtPercentile(50) / NS_PER_MS,
        histogram.getValueAtPercentile(90) / NS_PER_MS,
        histogram.getValueAtPercentile(99) / NS_PER_MS,
        histogram.getValueAtPercentile(99.9) / NS_PER_MS,
        histogram.getMaxValue() / NS_PER_MS);
  }

  private String line(ServerUse server) {
    final double answers = result.answersPerSecond() * result.seconds();
    return String.format(
        Locale.ROOT,
        "server: %.0f %% of a core%s; memory %.1f MiB before, %.1f MiB connected, %.1f MiB at the end",
        server.cpuSeconds() / result.seconds() * PERCENT,
        answers < 1
            ? ""
            : String.format(
                Locale.ROOT, ", %.2f us a message", server.cpuSeconds() * US_PER_S / answers),
        server.residentBefore() / MIB,
        server.residentConnected() / MIB,
        server.residentEnd() / MIB);
  }

  private String line(ClientUse client) {
    final double answers = result.answersPerSecond() * result.seconds();
    return String.format(
        Locale.ROOT,
        "generator: busy %.0f %%%s, without a core %.0f %%, messages taken up late by p99 %.0f us, max"
            + " %.0f us, garbage collection %.3f s",
        client.busy() * PERCENT,
        answers < 1
            ? ""
            : String.format(
                Locale.ROOT,
                " (%.2f us a message)",
                client.busy() * result.seconds() * US_PER_S * result.plan().processes() / answers),
        client.starved() * PERCENT,
        client.lateP99Ns() / NS_PER_US,
        client.lateMaxNs() / NS_PER_US,
        client.gcSeconds());
  }

  /** As HdrHistogram writes it, in ms. */
  static String distribution(Histogram histogram) {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    histogram.outputPercentileDistribution(
        new PrintStream(bytes, true, StandardCharsets.UTF_8), NS_PER_MS);
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
