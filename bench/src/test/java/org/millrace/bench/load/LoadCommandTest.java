package org.millrace.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class LoadCommandTest {
  private final StringWriter out = new StringWriter();

  private int load(String... arguments) {
    final PrintWriter writer = new PrintWriter(out);
    return new CommandLine(new LoadCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setOut(writer)
        .setErr(writer)
        .execute(arguments);
  }

  private static String uri(ScriptedServer server) {
    return "ws://127.0.0.1:" + server.address().getPort() + "/echo";
  }

  @Test
  void aRunIsToldToPeopleAndToPrograms(@TempDir Path directory) throws IOException {
    final Path json = directory.resolve("result.json");
    final Path hgrm = directory.resolve("latency.hgrm");
    try (ScriptedServer server = ScriptedServer.echo()) {
      // A minute late is no reason on a busy machine; starvation may be one.
      final int exit =
          load(
              uri(server),
              "-c",
              "4",
              "--steps",
              "100,200",
              "--step",
              "500ms",
              "--warm-up",
              "100ms",
              "--late-bound",
              "1m",
              "--json",
              json.toString(),
              "--hgrm",
              hgrm.toString());
      assertThat(exit).isIn(0, 3);
    }
    assertThat(out.toString())
        .contains("150 intended, 150 sent, 150 answered, 0 lost")
        .contains("latency: 150, p50")
        .contains("200/s: 0 lost");
    final LoadResult result = LoadResult.fromJson(Files.readString(json));
    assertThat(result.answered()).isEqualTo(150);
    assertThat(result.steps()).hasSize(2);
    assertThat(Files.readString(hgrm)).contains("Value     Percentile TotalCount");
  }

  @Test
  void severalProcessesAreOneResult() throws IOException {
    try (ScriptedServer server = ScriptedServer.echo()) {
      final LoadResult result =
          LoadRun.run(
              LoadPlan.of(URI.create(uri(server)), Scenario.ECHO)
                  .connections(5)
                  .processes(2)
                  .warmUp(Duration.ZERO)
                  .rate(500, Duration.ofSeconds(1))
                  .build(),
              line -> {});
      assertThat(result.answered()).isEqualTo(500);
      assertThat(result.latency().getTotalCount()).isEqualTo(500);
      assertThat(result.handshake().getTotalCount()).isEqualTo(5);
      assertThat(result.plan().connections()).isEqualTo(5);
      assertThat(result.plan().processes()).isEqualTo(2);
      assertThat(result.isClean()).isTrue();
    }
  }

  @Test
  void theBaselineIsAServerOfItsOwn() {
    assertThat(load("--baseline", "-c", "2", "-r", "200", "-d", "500ms", "--warm-up", "0s"))
        .isIn(0, 3);
    assertThat(out.toString()).contains("100 answered, 0 lost").contains("us a message");
    assertThat(load("--baseline", "ws://127.0.0.1/")).isEqualTo(2);
    assertThat(load()).isEqualTo(2);
  }

  @Test
  void aLostMessageIsAFailure() throws IOException {
    try (ScriptedServer server =
        new ScriptedServer(
            ScriptedServer.ACCEPTED,
            (number, echo, output) -> {
              if (number < 10) {
                output.write(echo);
              }
            })) {
      assertThat(
              load(
                  uri(server),
                  "-c",
                  "1",
                  "-r",
                  "100",
                  "-d",
                  "200ms",
                  "--warm-up",
                  "0s",
                  "--drain",
                  "100ms"))
          .isOne();
    }
    assertThat(out.toString()).contains("20 intended, 20 sent, 10 answered, 10 lost");
  }

  @Test
  void aRefusedHandshakeIsToldWithItsStatus() throws IOException {
    try (ScriptedServer server =
        new ScriptedServer("HTTP/1.1 403 Forbidden\r\n\r\n", (number, echo, output) -> {})) {
      assertThat(load(uri(server))).isOne();
    }
    assertThat(out.toString()).contains("HTTP/1.1 403 Forbidden").contains("asked for /echo");
  }

  @Test
  void aRefusedSubProtocolIsTold() throws IOException {
    try (ScriptedServer server = ScriptedServer.echo()) {
      assertThat(load(uri(server), "--sub-protocol", "sip")).isOne();
    }
    assertThat(out.toString()).contains("refused the sub-protocol: asked for sip, it chose none");
  }

  @Test
  void aServerThatIsNotThereIsTold() {
    assertThat(load("ws://127.0.0.1:1/")).isOne();
    assertThat(out.toString()).contains("Connection refused").contains("127.0.0.1:1");
  }

  @Test
  void aProcessThatIsNotThereIsTold() {
    assertThat(load("ws://127.0.0.1:1/", "--pid", "999999999")).isOne();
    assertThat(out.toString()).contains("there is no process 999999999");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http://127.0.0.1/ | ws://HOST:PORT/PATH",
        "ws://127.0.0.1/ -c 0 | connections",
        "ws://127.0.0.1/ -c 100000000 | ulimit -n",
        "ws://127.0.0.1/ -r fast | --rate is a number",
        "ws://127.0.0.1/ -r 1..2..3 | --rate is a number",
        "ws://127.0.0.1/ -r 0 | more than 0",
        "ws://127.0.0.1/ -r 5 --steps 1,2 | one of --rate, --steps and --outstanding",
        "ws://127.0.0.1/ --steps 1,2 -d 1s | --step, not --duration",
        "ws://127.0.0.1/ --step 1s | goes with --steps",
        "ws://127.0.0.1/ -d 10 | is no time",
        "ws://127.0.0.1/ --scenario calls -c 5 | in pairs",
        "ws://127.0.0.1/ --scenario idle --outstanding 5 | no closed loop",
        "ws://127.0.0.1/ --scenario nonsense | Invalid value",
        "ws://127.0.0.1/ --processes 100 | processes",
      })
  void badUsageIsTwoAndSaysWhatToDo(String arguments, String expected) {
    assertThat(load(arguments.split(" ", -1))).isEqualTo(2);
    assertThat(out.toString()).contains(expected);
  }
}
