package org.millrace.bench.jmh;

import java.io.IOException;
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
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench jmh}: runs JMH benchmarks. */
@Command(
    name = "jmh",
    description = "Runs JMH benchmarks: ns/op, with CPU time and bytes allocated per operation.",
    mixinStandardHelpOptions = true)
public final class JmhCommand implements Callable<Integer> {
  private static final String EVERYTHING = ".*";

  @Parameters(arity = "0..*", paramLabel = "REGEX", description = "Which benchmarks; all if none.")
  private List<String> includes = List.of(EVERYTHING);

  @Option(names = "--quick", description = "Short iterations: for ratios, not for differences.")
  private boolean quick;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the results to FILE, and the environment to FILE.environment.")
  private Path json;

  @Option(
      names = {"-p", "--param"},
      paramLabel = "NAME=VALUE[,VALUE...]",
      description = "Only these values of a benchmark parameter.")
  private Map<String, String> parameters = new LinkedHashMap<>();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws RunnerException, IOException {
    final List<String> environment = Environment.of(JmhSettings.jvmFlags()).lines();
    environment.forEach(spec.commandLine().getOut()::println);
    spec.commandLine().getOut().flush();
    final ChainedOptionsBuilder options = JmhSettings.options(quick);
    includes.forEach(options::include);
    parameters.forEach((name, values) -> options.param(name, values.split(",", -1)));
    if (json != null) {
      options.resultFormat(ResultFormatType.JSON).result(json.toString());
    }
    new Runner(options.build()).run();
    if (json != null) {
      Files.write(json.resolveSibling(json.getFileName() + ".environment"), environment);
    }
    return 0;
  }
}
