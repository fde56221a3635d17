package org.millrace.jetty.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line itself, check and version. */
class CommandsTest {
  @TempDir private Path directory;

  @Test
  void shouldExplainItselfWithoutACommand() {
    final CommandRun run = CommandRun.of();
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("Missing required subcommand", "serve", "check", "ctl");
  }

  @Test
  void shouldRefuseWhatItDoesNotKnow() {
    assertThat(CommandRun.of("srve").exitCode()).isEqualTo(2);
    assertThat(CommandRun.of("srve").err()).contains("srve");
    assertThat(CommandRun.of("serve", "--port", "80").exitCode()).isEqualTo(2);
  }

  @Test
  void shouldHelp() {
    final CommandRun run = CommandRun.of("--help");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("Exit codes: 0 done, 1 it did not work, 2 the command line");
    assertThat(CommandRun.of("serve", "--help").out()).contains("SIGTERM", "-D", "--config");
  }

  @Test
  void shouldTellItsVersion() {
    final CommandRun run = CommandRun.of("version");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).matches("Millrace \\d\\S* \\([\\w-]+\\) on Java \\d+.*\\s+");
    assertThat(CommandRun.of("--version").out()).isEqualTo(run.out());
  }

  @Test
  void shouldFindNothingWrongWithTheDefaults() {
    final CommandRun run = CommandRun.of("check");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).isEqualToIgnoringNewLines("millrace: the default configuration is right");
  }

  @Test
  void shouldTellAllErrorsOfAFile() throws Exception {
    final Path file = directory.resolve("bad.conf");
    Files.writeString(file, "millrace.admin.port = x\nmillrace.sip.max-bad-messages = y\n");
    final CommandRun run = CommandRun.of("check", "-c", file.toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines())
        .containsExactlyInAnyOrder(
            "millrace: " + file + " has 2 errors:",
            file + ":1: millrace.admin.port = x: must be a whole number, 0 to 65535",
            file + ":2: millrace.sip.max-bad-messages = y: must be a whole number, 1 to 1000000");
  }

  @Test
  void shouldDumpWhatIsInEffect() {
    final CommandRun run = CommandRun.of("check", "--dump", "-D", "listen=[ws]");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("millrace.listen = [\"ws\"]").contains("# -D listen");
  }

  @Test
  void shouldLookIntoKeysAndCertificates() throws Exception {
    Files.writeString(directory.resolve("c.pem"), "no certificate");
    Files.writeString(directory.resolve("k.pem"), "no key");
    final Path file = directory.resolve("tls.conf");
    Files.writeString(file, "millrace.tls.a.certificates = [{ chain = c.pem, key = k.pem }]\n");
    final CommandRun run = CommandRun.of("check", "-c", file.toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains(
            file + ":1: millrace.tls.a.certificates[0].key = k.pem: ",
            "holds no certificate in PEM form");
  }
}
