package org.millrace.bench.gate;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import org.millrace.bench.compare.Build;
import org.millrace.bench.compare.Fork;
import org.millrace.bench.compare.Interleaving;
import org.millrace.bench.compare.StandardCases;
import org.millrace.bench.environment.Environment;
import org.millrace.bench.jmh.JmhSettings;
import org.millrace.bench.statistics.Comparison;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench gate}: what CI calls. */
@Command(
    name = "gate",
    description = {
      "Fails if the working tree allocates more, or is slower, than the baseline in perf-reports/ or a",
      "revision: a few steady cases, in about 10 minutes.",
      "",
      "Allocation for each operation is exact: any growth beyond what JMH itself allocates fails.",
      "Times of another machine or day tell nothing; so the baseline names a revision, which is built",
      "and measured here by turns with the working tree. A case fails if it is surely slower by more",
      "than the threshold (as bench compare tells it), and is so again when it is measured anew. Where",
      "the clone has not got that revision, as a shallow one has not, only allocation is compared, and",
      "the summary says so.",
      "",
      "Exit code 0: passed, 1: failed, or could not be measured, 2: bad usage. The summary goes into",
      "the file that GITHUB_STEP_SUMMARY names, too, if it is set."
    },
    mixinStandardHelpOptions = true)
public final class GateCommand implements Callable<Integer> {
  private static final String STEP_SUMMARY = "GITHUB_STEP_SUMMARY";
  private static final String CHANGED = "+";

  @Option(
      names = "--baseline",
      paramLabel = "FILE",
      description = "Compare with this (default: ${DEFAULT-VALUE}).")
  private Path file = Path.of("perf-reports", "baseline", "gate.json");

  @Option(
      names = "--against",
      paramLabel = "REVISION",
      description = "Compare with this revision, and not with the baseline.")
  private String revision;

  @Option(
      names = "--update",
      description = "Measure the working tree, and make it the baseline. All has to be committed.")
  private boolean update;

  @Option(
      names = "--allocation-only",
      description = "Compare what is allocated with the file, and no times; about a minute.")
  private boolean allocationOnly;

  @Option(
      names = "--threshold",
      paramLabel = "PERCENT",
      description = "By how much a case may be slower (default: ${DEFAULT-VALUE}).")
  private double threshold = 8;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Forks of each side, 5 or more (default: ${DEFAULT-VALUE}).")
  private int rounds = 5;

  @Option(names = "--markdown", paramLabel = "FILE", description = "Write the summary to FILE.")
  private Path markdown;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the results to FILE.")
  private Path json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (rounds < Comparison.leastSize()) {
      throw new ParameterException(
          spec.commandLine(), "--rounds: 5 at least, or nothing could be told");
    }
    if (threshold <= 0) {
      throw new ParameterException(spec.commandLine(), "--threshold: a percentage above 0");
    }
    final Environment environment = Environment.of(JmhSettings.jvmFlags());
    try (Build ours = Build.of(Build.WORKING_TREE, this::say)) {
      final Interleaving.Side workingTree = which -> Fork.run(ours.jar(), which);
      final Gate gate = new Gate(environment, workingTree, rounds, threshold / 100, this::say);
      return update ? update(gate, environment) : report(judge(gate));
    } catch (IOException e) {
      spec.commandLine().getErr().println("bench gate: " + e.getMessage());
      return 1;
    }
  }

  private int update(Gate gate, Environment environment) throws IOException {
    if (environment.revision().endsWith(CHANGED)) {
      throw new ParameterException(
          spec.commandLine(),
          "--update: commit first; the baseline names the revision that was measured");
    }
    new Baseline(environment, gate.measure(StandardCases.all(), rounds)).write(file);
    say("wrote " + file + ", of " + environment.revision());
    return 0;
  }

  private Summary judge(Gate gate) throws IOException {
    if (revision != null) {
      return against(gate, revision, "revision " + revision);
    }
    final Baseline baseline = Baseline.read(file);
    if (!allocationOnly && Build.isKnown(baseline.revision())) {
      return against(gate, baseline.revision(), "the baseline's revision " + baseline.revision());
    }
    final String why =
        allocationOnly
            ? ""
            : ", whose revision %s this clone has not got".formatted(baseline.revision());
    return gate.against("the baseline " + file + why, baseline);
  }

  private Summary against(Gate gate, String other, String name) throws IOException {
    try (Build build = Build.of(other, this::say)) {
      return gate.against(name, which -> Fork.run(build.jar(), which), StandardCases.all());
    }
  }

  private int report(Summary summary) throws IOException {
    final PrintWriter out = spec.commandLine().getOut();
    summary.lines().forEach(out::println);
    out.flush();
    if (markdown != null) {
      Files.write(markdown, summary.markdown());
    }
    final String page = System.getenv(STEP_SUMMARY);
    if (page != null && !page.isBlank()) {
      Files.write(
          Path.of(page), summary.markdown(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
    if (json != null) {
      Files.writeString(json, summary.json());
    }
    return summary.passed() ? 0 : 1;
  }

  private void say(String line) {
    spec.commandLine().getErr().println(line);
    spec.commandLine().getErr().flush();
  }
}
