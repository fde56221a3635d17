package org.millrace.bench.jmh;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.millrace.bench.environment.Environment;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench jmh}: runs JMH benchmarks. */
@Command(
    name = "jmh",
    description = {
      "Runs JMH benchmarks: ns/op, with CPU time and bytes allocated per operation. --list names",
      "them. For the difference between two states of the source see bench compare."
    },
    mixinStandardHelpOptions = true)
public final class JmhCommand implements Callable<Integer> {
  private static final String EVERYTHING = ".*";

  @Parameters(
      arity = "0..*",
      paramLabel = "GROUP|REGEX",
      description = "Which benchmarks: those of a group, or whose names match; all if none.")
  private List<String> includes = List.of(EVERYTHING);

  @Option(names = "--list", description = "Name the benchmarks, group by group, and end.")
  private boolean list;

  @Option(
      names = "--quick",
      description = "Short iterations: about 5 s a fork; for ratios, not for small differences.")
  private boolean quick;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = {
        "Write the results to FILE, as JMH does, and the environment to FILE.environment: both are",
        "what bench compare reads."
      })
  private Path json;

  @Option(
      names = {"-p", "--param"},
      paramLabel = "NAME=VALUE[,VALUE...]",
      description = "Only these values of a benchmark parameter.")
  private Map<String, String> parameters = new LinkedHashMap<>();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws RunnerException, IOException {
    final PrintWriter out = spec.commandLine().getOut();
    if (list) {
      list(out);
      return 0;
    }
    final Environment before = Environment.of(JmhSettings.jvmFlags());
    final ChainedOptionsBuilder options = JmhSettings.options(quick);
    expressions().forEach(options::include);
    parameters.forEach((name, values) -> options.param(name, values.split(",", -1)));
    if (json != null) {
      options.resultFormat(ResultFormatType.JSON).result(json.toString());
    }
    before.lines().forEach(out::println);
    out.flush();
    new Runner(options.build()).run();
    if (json != null) {
      final ObjectNode environment = before.json();
      environment.put("loadAfter", Environment.of(List.of()).load());
      Files.writeString(environmentOf(json), environment.toPrettyString() + "\n");
    }
    return 0;
  }

  /** Where the environment of a result file is. */
  public static Path environmentOf(Path results) {
    return results.resolveSibling(results.getFileName() + ".environment");
  }

  private List<String> expressions() {
    try {
      return Suite.expressions(includes);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private static void list(PrintWriter out) {
    for (final String group : Suite.groups()) {
      out.println(group + ":");
      Suite.benchmarks().stream()
          .filter(benchmark -> Suite.group(benchmark).equals(group))
          .forEach(benchmark -> out.println("  " + Case.of(benchmark, Map.of())));
    }
    out.flush();
  }
}
