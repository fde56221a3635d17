package org.millrace.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** The command as it is; figures of so short a run mean nothing. */
class PeersCommandTest {
  private final StringWriter out = new StringWriter();

  private int execute(String... args) {
    return new CommandLine(CommandSpec.create().name("bench"))
        .addSubcommand(new PeersCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(out))
        .execute(Stream.concat(Stream.of("peers"), Stream.of(args)).toArray(String[]::new));
  }

  @Test
  void measuresAndWritesTheReport(@TempDir Path directory) throws Exception {
    final Path json = directory.resolve("figures.json");
    final String[] arguments = {
      "--quick",
      "--warm-up",
      "0",
      "--connections",
      "4",
      "--idle",
      "5",
      "--rate",
      "200",
      "--jvm",
      "-XX:+IgnoreUnrecognizedVMOptions",
      "--peers",
      "millrace,jetty-native",
      "--report",
      directory.toString(),
      "--json",
      json.toString()
    };
    assertThat(execute(arguments)).as(out.toString()).isZero();
    assertThat(out.toString())
        .containsPattern("millrace +ws +[0-9,.]+\\*? +1.00")
        .containsPattern("jetty-native +wss +[0-9,.]+\\*? +[0-9.]+");
    assertThat(Files.readString(directory.resolve("peers.html")))
        .contains("<pre>./millrace bench peers --quick --warm-up 0");
    assertThat(directory.resolve("index.html")).exists();
    for (final Figure figure : Figure.values()) {
      assertThat(Files.readString(json)).contains("\"" + figure + "\"");
    }
  }

  @Test
  void helpNamesPeersAndModes() {
    assertThat(execute("--help")).isZero();
    assertThat(out.toString()).contains("jetty-native", "throughput, latency", "--report=DIR");
  }

  @Test
  void badUsageIsTwoAndNamesTheFix() {
    assertThat(execute("--peers", "apache")).isEqualTo(2);
    assertThat(out.toString()).contains("apache").contains("jetty-native");
    assertThat(execute("--rounds", "0")).isEqualTo(2);
    assertThat(out.toString()).contains("--rounds and --seconds: one at least");
    assertThat(execute("--rate", "0")).isEqualTo(2);
    assertThat(execute("--tls", "perhaps")).isEqualTo(2);
    assertThat(execute("--idle", "2000000000")).isEqualTo(2);
    assertThat(out.toString()).contains("ulimit -n");
  }
}
