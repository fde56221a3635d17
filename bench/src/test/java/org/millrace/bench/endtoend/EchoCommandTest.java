package org.millrace.bench.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.bench.peer.Peer;
import picocli.CommandLine;

/**
 * The peers as they are, each in its process; figures of so short a run mean nothing, and the heap
 * of so few connections may well seem to have become smaller.
 */
class EchoCommandTest {
  private final StringWriter out = new StringWriter();

  private int execute(String... args) {
    return new CommandLine(new EchoCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(out))
        .execute(args);
  }

  private static String[] shortly(String... more) {
    final List<String> arguments =
        new ArrayList<>(
            List.of("--rounds", "1", "--seconds", "1", "--warm-up", "0", "--connections", "4"));
    arguments.addAll(List.of("--handshakes", "50", "--idle", "50"));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  @Test
  void measuresEveryPeerInEveryMode(@TempDir Path directory) throws Exception {
    final Path json = directory.resolve("echo.json");
    assertThat(execute(shortly("--json", json.toString()))).as(out.toString()).isBetween(0, 1);
    for (final Mode mode : Mode.values()) {
      for (final Peer peer : List.of(Peer.MILLRACE, Peer.JETTY, Peer.NETTY)) {
        assertThat(out.toString()).containsPattern(mode.title() + " +" + peer + " +-?[0-9]");
      }
    }
    assertThat(Files.readString(json)).contains("\"targets\"");
  }

  @Test
  void moreConnectionsThanDescriptorsIsBadUsage() {
    assertThat(execute("--modes", "IDLE", "--idle", "2000000000")).isEqualTo(2);
    assertThat(out.toString()).contains("--idle: a process may have ");
  }
}
