package org.millrace.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.bench.gate.GateCommand;
import org.millrace.bench.jmh.JmhCommand;
import picocli.CommandLine;

/** The commands about two states, as far as nothing has to be measured. */
class CompareCommandTest {
  private static final String RESULT =
      """
      [{"benchmark": "a.b.C.d",
        "secondaryMetrics": {
          "cpu.time.norm": {"rawData": [[%1$s], [%1$s], [%1$s], [%1$s.1], [%1$s.2]]},
          "gc.alloc.rate.norm": {"rawData": [[%2$s], [%2$s]]}}}]
      """;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path directory;

  private int run(Object command, String... arguments) {
    return new CommandLine(command)
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  private String result(String name, String ns, String bytes) throws IOException {
    return Files.writeString(directory.resolve(name), RESULT.formatted(ns, bytes)).toString();
  }

  @Test
  void filesAreCompared() throws IOException {
    final Path json = directory.resolve("difference.json");
    final Path markdown = directory.resolve("difference.md");
    assertThat(
            run(
                new CompareCommand(),
                result("a", "100", "0"),
                result("b", "150", "24"),
                "--json=" + json,
                "--markdown=" + markdown))
        .isZero();
    assertThat(out.toString()).contains("C.d").contains("slower, allocates more");
    assertThat(Files.readString(json)).contains("\"time\" : \"slower\"").contains("\"first\"");
    assertThat(Files.readString(markdown)).startsWith("| benchmark |").contains("| C.d | 100 |");
  }

  @Test
  void filesOfOtherMachinesAreComparedWithAWarning() throws IOException {
    final String one = result("a", "100", "0");
    final String two = result("b", "100", "0");
    assertThat(run(new CompareCommand(), one, two)).isZero();
    assertThat(err.toString()).contains("not known of both files");
    final String environment =
        "{\"cpu\": \"%s\", \"jdk\": \"j\", \"flags\": [], \"loadAfter\": \"1\"}";
    Files.writeString(Path.of(one + ".environment"), environment.formatted("slow"));
    Files.writeString(Path.of(two + ".environment"), environment.formatted("fast"));
    assertThat(run(new CompareCommand(), one, two)).isZero();
    assertThat(err.toString()).contains("tell nothing of the source: slow, j; fast, j");
    Files.writeString(Path.of(two + ".environment"), "[]");
    assertThat(run(new CompareCommand(), one, two)).isEqualTo(1);
    assertThat(err.toString()).contains("b.environment does not tell what");
  }

  @Test
  void filesWithNothingInCommonAreOne() throws IOException {
    assertThat(
            run(
                new CompareCommand(),
                result("a", "1", "0"),
                result("b", "1", "0"),
                "--benchmarks=x"))
        .isEqualTo(1);
    assertThat(err.toString()).contains("no benchmark that both sides have");
  }

  @Test
  void aRevisionThatGitDoesNotKnowIsOneAndNamed() {
    assertThat(run(new CompareCommand(), "no-such-revision", ".")).isEqualTo(1);
    assertThat(err.toString()).contains("git knows no revision no-such-revision");
    assertThat(run(new GateCommand(), "--against=no-such-revision")).isEqualTo(1);
    assertThat(err.toString()).contains("bench gate: git knows no revision");
  }

  @Test
  void badUsageIsTwo() throws IOException {
    assertThat(run(new CompareCommand(), result("a", "1", "0"), ".")).isEqualTo(2);
    assertThat(run(new CompareCommand(), "HEAD", ".", "--rounds=4")).isEqualTo(2);
    assertThat(run(new CompareCommand(), "HEAD", ".", "--benchmarks=frob")).isEqualTo(2);
    assertThat(run(new GateCommand(), "--rounds=4")).isEqualTo(2);
    assertThat(run(new GateCommand(), "--threshold=0")).isEqualTo(2);
    assertThat(run(new JmhCommand(), "frob")).isEqualTo(2);
    assertThat(run(new JmhCommand(), "frame", "--forks=0")).isEqualTo(2);
    assertThat(err.toString()).contains("frob finds no benchmark; there are the groups frame,");
  }

  @Test
  void benchmarksAreListedByGroup() {
    assertThat(run(new JmhCommand(), "--list")).isZero();
    assertThat(out.toString())
        .containsSubsequence("frame:", "  MaskingBenchmark.millrace", "sip:", "inviteToCore");
  }
}
