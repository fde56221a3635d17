package org.millrace.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MainTest {
  @Test
  void helpNamesEverySubcommand() {
    final StringWriter out = new StringWriter();
    assertThat(commandLine(out).execute("--help")).isZero();
    assertThat(out.toString()).contains("jmh").contains("ratios");
  }

  @Test
  void badUsageIsTwo() {
    assertThat(commandLine(new StringWriter()).execute("nonsense")).isEqualTo(2);
  }

  private static CommandLine commandLine(StringWriter out) {
    final PrintWriter writer = new PrintWriter(out);
    return Main.commandLine().setOut(writer).setErr(writer);
  }
}
