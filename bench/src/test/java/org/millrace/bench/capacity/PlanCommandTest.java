package org.millrace.bench.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.bench.capacity.Measurement.Limit;
import org.millrace.bench.capacity.Measurement.Resident;
import org.millrace.bench.capacity.Measurement.Step;
import org.millrace.bench.capacity.Measurement.Throughput;
import org.millrace.bench.environment.Environment;
import picocli.CommandLine;

/** Plans from a measurement whose figures are round, so that they can be computed by hand. */
class PlanCommandTest {
  private static final Environment ENVIRONMENT =
      new Environment("a cpu", "an os", "a jdk", List.of("-flag"), "abc", "0.1 0.2 0.3");

  /** 2 cores; 100 us an exchange, 10 kB a connection and 100 MB, 1 ms a handshake. */
  private static final Measurement MEASURED =
      new Measurement(
          "./millrace bench capacity measure",
          ENVIRONMENT,
          "a server",
          true,
          "options",
          2,
          "p99 at most 20 ms, loss at most 0",
          200,
          new Limit(10_000, ""),
          new Limit(50_000, "no more than 50000 was tried"),
          IntStream.of(1, 2, 4, 8, 10)
              .mapToObj(i -> new Step(i * 1000, 1, 0, i * 0.1, "HELD"))
              .toList(),
          IntStream.of(1, 2, 4, 8, 16, 32)
              .mapToObj(n -> new Throughput(n, 5000.0 * n / (1 + 0.1 * (n - 1)), false))
              .toList(),
          IntStream.of(1, 2, 3, 4, 5)
              .mapToObj(i -> new Resident(i * 10_000, 100_000_000L + i * 100_000_000L))
              .toList(),
          List.of(0.001, 0.001, 0.001));

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path directory;

  private int plan(Measurement measured, String... arguments) throws IOException {
    final Path file = directory.resolve("measurement.json");
    Files.writeString(file, measured.json());
    final String[] all = new String[arguments.length + 1];
    all[0] = "--measurement=" + file;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return run(all);
  }

  private int run(String... arguments) {
    return new CommandLine(new PlanCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  @Test
  void theDemandIsTheSumOfItsParts() {
    final Demand demand =
        new Demand(
            60_000,
            10,
            2,
            Duration.ofMinutes(10),
            2,
            Duration.ofSeconds(30),
            6,
            true,
            Duration.ofMinutes(1));
    // 60,000 / 600 x 2 + 10 x 2 x 3.5 + 60,000 x 6 / 3600 x 2 + 60,000 / 30
    assertThat(demand.exchanges()).isCloseTo(200 + 70 + 200 + 2000, within(1e-6));
    assertThat(demand.reconnects(30_000)).isEqualTo(500);
  }

  @Test
  void machinesAreThoseOfTheScarcestResourceAndOneMore() throws IOException {
    final Path json = directory.resolve("plan.json");
    assertThat(
            plan(
                MEASURED,
                "--users=60000",
                "--calls=0",
                "--tls",
                "--headroom=50",
                "--machine-memory=1G",
                "--recover-in=60s",
                "--json=" + json))
        .isZero();
    // memory: 600 MB / (512 MiB - 100 MB) = 1.4; CPU: 2200 x 100 us / 1 core; rate: 2200 / 5000
    assertThat(out.toString())
        .startsWith("3 machines (3 to 3), of which one may fail; memory decides")
        .contains("memory          2 machines")
        .contains("CPU             1 machines")
        .contains("service level   1 machines")
        .contains("assumed: any exchange costs")
        .contains("measured: a server, options");
    assertThat(Files.readString(json)).contains("\"machines\" : 3").contains("\"memory\"");
  }

  @Test
  void aRecoveryInASecondTakesMoreMachinesThanOneInAMinute() throws IOException {
    // 60,000 users / n / (n - 1) x 1.2 ms and what is steady on 2 cores
    assertThat(plan(MEASURED, "--users=60000", "--tls", "--recover-in=1s", "--machine-memory=64G"))
        .isZero();
    assertThat(out.toString()).contains("recovery decides").contains("7 machines");
  }

  @Test
  void whatGoesTooFarBeyondTheMeasurementIsRefusedOrMarked() throws IOException {
    final String[] far = {"--users=2000000", "--tls", "--cores=64", "--machine-memory=64G"};
    assertThat(plan(MEASURED, far)).isEqualTo(1);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString())
        .contains("not answered: cores of a machine would be 64, and 2 were measured, 32.0 times")
        .contains("Measure more");
    assertThat(plan(MEASURED, far[0], far[1], far[2], far[3], "--allow-extrapolation")).isZero();
    assertThat(err.toString()).contains("EXTRAPOLATED: cores of a machine");
    assertThat(out.toString()).contains("machines");
  }

  @Test
  void aMeasurementThatDoesNotSupportAPlanIsRefused() throws IOException {
    assertThat(plan(MEASURED, "--users=1000")).isEqualTo(1);
    assertThat(err.toString())
        .contains("the measurement is of wss: plan with --tls, or measure ws");
    assertThat(run("--users=1000", "--measurement=" + directory.resolve("none"))).isEqualTo(1);
    assertThat(err.toString()).contains("make one with bench capacity measure --json");
    final Path wrong = Files.writeString(directory.resolve("wrong.json"), "{}");
    assertThat(run("--users=1000", "--measurement=" + wrong)).isEqualTo(1);
    assertThat(err.toString()).contains("wrong.json is no measurement");
  }

  @Test
  void badUsageIsTwo() {
    assertThat(run()).isEqualTo(2);
    assertThat(run("--users=0")).isEqualTo(2);
    assertThat(run("--users=1", "--headroom=100")).isEqualTo(2);
    assertThat(run("--users=1", "--machine-memory=many")).isEqualTo(2);
    assertThat(run("--users=1", "--keep-alive=0s")).isEqualTo(2);
    assertThat(new CommandLine(new MeasureCommand()).setErr(new PrintWriter(err)).execute("ws://x"))
        .isEqualTo(2);
    assertThat(err.toString()).contains("--pid goes with a URI").contains("write 512M or 16G");
  }

  @Test
  void aReportHasItsPlotsAndTheData() throws IOException {
    new CapacityReport(MEASURED).writeTo(directory);
    assertThat(Files.readString(directory.resolve("capacity.html")))
        .contains("<svg")
        .contains("R²");
    assertThat(Files.readString(directory.resolve("capacity.md"))).contains("| 1000 |");
    assertThat(Measurement.read(directory.resolve("capacity.json"))).isEqualTo(MEASURED);
  }
}
