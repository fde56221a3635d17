package org.millrace.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.millrace.bench.jmh.Case;
import org.millrace.bench.jmh.JmhSettings;
import org.millrace.bench.jmh.Samples;

/** Runs one fork of one case from a class path, in processes of its own. */
public final class Fork {
  /**
   * Time of an iteration in milliseconds. The fastest of many short ones hardly differs from fork
   * to fork, even where twice as many threads as processors want to run: within 15 %, where the CPU
   * time of the fastest of a few long ones differs by 60 %.
   */
  private static final int ITERATION_MS = 10;

  private static final int ITERATIONS = 100;
  private static final int WARM_UPS = 60;

  /** What JMH itself allocates in an iteration is some 5 KB, whatever it measures; and more. */
  private static final double BYTES_OF_HARNESS = 8192;

  private static final double NS_PER_MS = 1e6;
  private static final int LINES_OF_LOG = 20;

  private Fork() {}

  /** Bytes an operation of so many nanoseconds may differ by because of JMH itself. */
  static double bytesOfHarness(double ns) {
    return BYTES_OF_HARNESS * ns / (ITERATION_MS * NS_PER_MS);
  }

  /**
   * Runs a case.
   *
   * @param jar with the benchmarks.
   * @return its one fork; nothing at all if there is no such case in the jar.
   * @throws IOException if it fails; the message ends with what it has said.
   */
  public static Samples run(Path jar, Case which) throws IOException {
    final Path results = Files.createTempFile("millrace-fork-", ".json");
    try {
      final String said = ChildProcess.run(new ProcessBuilder(command(jar, which, results))).said();
      if (Files.size(results) == 0) {
        if (said.contains("No matching benchmarks") || said.contains("Unable to find")) {
          return new Samples(List.of(), List.of());
        }
        throw new IOException(which + " failed: " + end(said));
      }
      final Map<Case, Samples> measured = Samples.read(results, Samples.Clock.WALL);
      if (!measured.containsKey(which)) {
        throw new IOException(which + " was not measured, but " + measured.keySet());
      }
      return measured.get(which);
    } finally {
      Files.deleteIfExists(results);
    }
  }

  private static List<String> command(Path jar, Case which, Path results) {
    final List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JmhSettings.jvmFlags());
    command.addAll(List.of("-cp", jar.toString(), "org.openjdk.jmh.Main"));
    command.add("^" + Pattern.quote(which.benchmark()) + "$");
    which.parameters().forEach((name, value) -> command.addAll(List.of("-p", name + "=" + value)));
    command.addAll(List.of("-f", "1", "-foe", "true", "-bm", "avgt", "-tu", "ns"));
    command.addAll(List.of("-wi", "" + WARM_UPS, "-w", ITERATION_MS + "ms"));
    command.addAll(List.of("-i", "" + ITERATIONS, "-r", ITERATION_MS + "ms"));
    command.addAll(List.of("-prof", "gc"));
    command.addAll(List.of("-jvmArgs", String.join(" ", JmhSettings.jvmFlags())));
    command.addAll(List.of("-rf", "json", "-rff", results.toString()));
    return command;
  }

  private static String end(String text) {
    final List<String> lines = text.lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_OF_LOG), lines.size()));
  }
}
