package org.millrace.bench.jmh;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String LOAD_AFTER = "loadAfter";
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
      names = "--forks",
      paramLabel = "N",
      description = {
        "JVMs for each benchmark, one after another (default: 3, with --quick 2). bench compare can",
        "tell a difference between two files if both have 5 or more."
      })
  private Integer forks;

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
    if (forks != null) {
      if (forks < 1) {
        throw new ParameterException(spec.commandLine(), "--forks: 1 at least");
      }
      options.forks(forks);
    }
    parameters.forEach((name, values) -> options.param(name, values.split(",", -1)));
    if (json != null) {
      options.resultFormat(ResultFormatType.JSON).result(json.toString());
    }
    before.lines().forEach(out::println);
    out.flush();
    new Runner(options.build()).run();
    if (json != null) {
      final ObjectNode environment = before.json();
      environment.put(LOAD_AFTER, Environment.of(List.of()).load());
      Files.writeString(environmentOf(json), environment.toPrettyString() + "\n");
    }
    return 0;
  }

  /**
   * What a result file was measured on, if that is beside it.
   *
   * @throws IOException if what is beside it cannot be read.
   */
  public static Optional<Environment> readEnvironment(Path results) throws IOException {
    final Path file = environmentOf(results);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      final ObjectNode read = (ObjectNode) JSON.readTree(Files.readAllBytes(file));
      return Optional.of(Environment.fromJson(read.without(LOAD_AFTER)));
    } catch (JsonProcessingException | ClassCastException | IllegalArgumentException e) {
      throw new IOException(file + " does not tell what " + results + " was measured on", e);
    }
  }

  /** Where the environment of a result file is. */
  private static Path environmentOf(Path results) {
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
