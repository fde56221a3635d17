package org.millrace.bench.compare;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.millrace.bench.environment.Environment;
import org.millrace.bench.jmh.Case;
import org.millrace.bench.jmh.JmhCommand;
import org.millrace.bench.jmh.JmhSettings;
import org.millrace.bench.jmh.Samples;
import org.millrace.bench.statistics.Comparison;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench compare}: two results, or two states of the source. */
@Command(
    name = "compare",
    description = {
      "Compares two result files of bench jmh --json, or two states of the source: git revisions, or",
      ". for the working tree. Revisions are built, and their forks alternate on this machine.",
      "",
      "Times of files are CPU times. Of source they are wall times of the fastest of many iterations of",
      "10 ms: even on a busy machine some are left alone, and the fastest hardly differs then.",
      "Each fork is one value, that of its fastest iteration: iterations of one",
      "JVM share what its compiler made of the code, and are no values of their own. Faster and",
      "slower are told by the U test of Mann and Whitney (p < 0.01, commons-statistics), which",
      "takes nothing for granted about the noise and is exact for few values, against times that",
      "were made larger by the threshold; same, if the 99 %% interval of the ratio of medians",
      "(bootstrap) is within it. Anything else is too noisy to tell: then more --rounds help.",
      "",
      "Exit code 0 whatever comes out, 1 if it could not be measured, 2 for bad usage. What fails",
      "on slower code is bench gate."
    },
    mixinStandardHelpOptions = true)
public final class CompareCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "A", description = "The first: FILE, REVISION or \".\"")
  private String first;

  @Parameters(index = "1", paramLabel = "B", description = "The second, likewise.")
  private String second;

  @Option(
      names = "--benchmarks",
      split = ",",
      paramLabel = "REGEX",
      description =
          "Only cases whose names match, as in the table; of source, all or some of the standard"
              + " ones.")
  private List<String> benchmarks = List.of();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Forks of each side, 5 or more (default: ${DEFAULT-VALUE}).")
  private int rounds = 8;

  @Option(
      names = "--threshold",
      paramLabel = "PERCENT",
      description = "Differences that matter (default: ${DEFAULT-VALUE}).")
  private double threshold = 5;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the results to FILE, too.")
  private Path json;

  @Option(names = "--markdown", paramLabel = "FILE", description = "Write the table to FILE, too.")
  private Path markdown;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    final PrintWriter out = spec.commandLine().getOut();
    final boolean files = isFile(first);
    if (files != isFile(second)) {
      throw new ParameterException(
          spec.commandLine(), "either two result files, or two states of the source");
    }
    if (!files && rounds < Comparison.leastSize()) {
      throw new ParameterException(
          spec.commandLine(), "--rounds: 5 at least, or nothing could be told");
    }
    try {
      final List<Difference> differences = files ? ofFiles() : ofSource(out);
      report(differences, out);
      return 0;
    } catch (IOException e) {
      spec.commandLine().getErr().println(e.getMessage());
      return 1;
    }
  }

  private static boolean isFile(String name) {
    return !name.equals(Build.WORKING_TREE) && Files.isRegularFile(Path.of(name));
  }

  private List<Difference> ofFiles() throws IOException {
    final SortedMap<Case, Samples> before = Samples.read(Path.of(first));
    final SortedMap<Case, Samples> after = Samples.read(Path.of(second));
    warnOfOtherMachine();
    final List<Difference> both = new ArrayList<>();
    before.forEach(
        (name, samples) -> {
          if (after.containsKey(name) && isAsked(name)) {
            both.add(new Difference(name, samples, after.get(name)));
          }
        });
    return both;
  }

  /** Times of two machines tell of the machines; whoever has the files may know better. */
  private void warnOfOtherMachine() throws IOException {
    final Optional<Environment> one = JmhCommand.readEnvironment(Path.of(first));
    final Optional<Environment> two = JmhCommand.readEnvironment(Path.of(second));
    if (one.isEmpty() || two.isEmpty()) {
      say(
          "it is not known of both files what they were measured on: compare their times with care");
    } else if (!one.get().isLike(two.get())) {
      say(
          "not measured on the same, so their times tell nothing of the source: %s, %s; %s, %s"
              .formatted(one.get().cpu(), one.get().jdk(), two.get().cpu(), two.get().jdk()));
    }
  }

  private List<Difference> ofSource(PrintWriter out) throws IOException {
    Environment.of(JmhSettings.jvmFlags()).lines().forEach(out::println);
    final List<Case> cases = cases();
    try (Build before = Build.of(first, this::say);
        Build after = Build.of(second, this::say)) {
      return new Interleaving(
              which -> Fork.run(before.jar(), which),
              which -> Fork.run(after.jar(), which),
              this::say)
          .run(cases, rounds);
    }
  }

  private List<Case> cases() {
    final List<Case> cases = StandardCases.all().stream().filter(this::isAsked).toList();
    if (cases.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "--benchmarks finds none of the standard cases: " + StandardCases.all());
    }
    return cases;
  }

  private boolean isAsked(Case name) {
    return benchmarks.isEmpty()
        || benchmarks.stream()
            .anyMatch(expression -> Pattern.compile(expression).matcher(name.toString()).find());
  }

  private void report(List<Difference> differences, PrintWriter out) throws IOException {
    if (differences.isEmpty()) {
      throw new IOException("there is no benchmark that both sides have");
    }
    final double share = threshold / 100;
    final DifferenceTable table = new DifferenceTable(differences, share);
    table.lines().forEach(out::println);
    if (differences.stream().anyMatch(one -> one.times().size() < Comparison.leastSize())) {
      out.println("with less than 5 forks a side nothing can be told surely: bench jmh --forks=5");
    }
    out.flush();
    if (markdown != null) {
      Files.write(markdown, table.markdown());
    }
    if (json != null) {
      final ObjectNode root = Difference.json(differences, share);
      root.put("first", first).put("second", second).put("threshold", share);
      root.set("environment", Environment.of(JmhSettings.jvmFlags()).json());
      Files.writeString(json, root.toPrettyString() + "\n");
    }
  }

  private void say(String line) {
    spec.commandLine().getErr().println(line);
    spec.commandLine().getErr().flush();
  }
}
