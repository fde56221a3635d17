package org.millrace.bench.ratios;

import java.io.PrintWriter;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import org.millrace.bench.environment.Environment;
import org.millrace.bench.frame.FrameDecodeBenchmark;
import org.millrace.bench.jmh.CpuTime;
import org.millrace.bench.jmh.JmhSettings;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code bench ratios}: the decode benchmark at 600 bytes, as a gate.
 *
 * <p>Bare times differ from machine to machine and, on a shared one, from minute to minute. So CPU
 * time is compared, which leaves out the time given to others; and each round starts one JVM for
 * every decoder, and the rounds repeat, so that what else slows the machine meets all of them
 * alike. Of a JVM the fastest of many short iterations counts, since a neighbour can only slow one
 * down; of the rounds, the median.
 */
@Command(
    name = "ratios",
    description =
        "Compares frame decoding with Jetty and Netty; exit code 1 if a target is missed.",
    mixinStandardHelpOptions = true)
public final class RatiosCommand implements Callable<Integer> {
  static final String MILLRACE = "millrace";
  static final String JETTY = "jetty";
  static final String NETTY = "netty";
  static final List<String> DECODERS = List.of(MILLRACE, JETTY, NETTY);
  static final String ASCII = "ascii";
  static final String MIXED = "mixed";
  static final List<String> CONTENTS = List.of(ASCII, MIXED);

  private static final String SIZE = "600";
  private static final String ALLOCATION = "gc.alloc.rate.norm";

  @Option(names = "--quick", description = "3 rounds of short iterations, about 2 minutes in all.")
  private boolean quick;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws RunnerException {
    final PrintWriter out = spec.commandLine().getOut();
    Environment.of(JmhSettings.jvmFlags()).lines().forEach(out::println);
    final Scores scores = new Scores();
    final int rounds = quick ? 3 : 7;
    for (int round = 1; round <= rounds; round++) {
      out.println("round " + round + " of " + rounds);
      out.flush();
      for (String content : CONTENTS) {
        for (String decoder : DECODERS) {
          measure(decoder, content, scores);
        }
      }
    }
    final Verdict verdict = Verdict.of(scores, Targets.forJdk(Runtime.version().feature()));
    verdict.table().forEach(out::println);
    out.println(verdict.met() ? "all targets met" : "target missed");
    out.flush();
    return verdict.met() ? 0 : 1;
  }

  private void measure(String decoder, String content, Scores scores) throws RunnerException {
    final Options options =
        JmhSettings.options(quick)
            .include("^" + FrameDecodeBenchmark.class.getName() + "\\." + decoder + "$")
            .param("size", SIZE)
            .param("content", content)
            .forks(1)
            .measurementIterations(quick ? 25 : 50)
            .measurementTime(TimeValue.milliseconds(100))
            .verbosity(VerboseMode.SILENT)
            .build();
    final Collection<RunResult> results = new Runner(options).run();
    for (RunResult result : results) {
      scores.add(
          content,
          decoder,
          result.getSecondaryResults().get(CpuTime.LABEL).getStatistics().getMin(),
          result.getSecondaryResults().get(ALLOCATION).getScore());
    }
  }
}
