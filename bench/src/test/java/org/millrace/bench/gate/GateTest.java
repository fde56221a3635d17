package org.millrace.bench.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.bench.compare.Interleaving;
import org.millrace.bench.environment.Environment;
import org.millrace.bench.jmh.Case;
import org.millrace.bench.jmh.Samples;

class GateTest {
  private static final Case LOOP = Case.of("a.Loop.run", Map.of());
  private static final Case FRAME = Case.of("a.Frame.run", Map.of("size", "600"));
  private static final List<Case> CASES = List.of(FRAME, LOOP);
  private static final Environment ENVIRONMENT =
      new Environment("a cpu", "an os", "a jdk", List.of("-flag"), "abc", "0.1 0.2 0.3");

  @TempDir private Path directory;

  private final Random random = new Random(1);

  /** A source whose cases take so long, with 3 % of noise, and allocate so much. */
  private Interleaving.Side source(double ns, double bytes) {
    return which ->
        new Samples(List.of(ns * (1 + 0.03 * random.nextDouble())), List.of(bytes + 0.001));
  }

  private static Interleaving.Side without(Case gone, Interleaving.Side source) {
    return which -> which.equals(gone) ? new Samples(List.of(), List.of()) : source.measure(which);
  }

  private static Gate gate(Interleaving.Side workingTree) {
    return new Gate(ENVIRONMENT, workingTree, 5, 0.08, line -> {});
  }

  @Test
  void anUnchangedTreePassesEachTime() throws IOException {
    for (int i = 0; i < 100; i++) {
      assertThat(gate(source(100, 0)).against("before", source(100, 0), CASES).passed()).isTrue();
    }
  }

  @Test
  void aLoopThatIsTwentyPercentSlowerFails() throws IOException {
    final Summary summary = gate(source(120, 0)).against("before", source(100, 0), CASES);
    assertThat(summary.passed()).isFalse();
    assertThat(summary.lines()).anyMatch(line -> line.contains("slower by more than 8 %"));
    assertThat(summary.lines().get(2)).startsWith("bench gate FAILED: the working tree against");
  }

  @Test
  void whatIsSlowerOnceAndNotAgainPasses() throws IOException {
    final int[] calls = new int[1];
    final Interleaving.Side slowAtFirst =
        which -> source(calls[0]++ < 2 * 5 ? 130 : 100, 0).measure(which);
    final Summary summary = gate(slowAtFirst).against("before", source(100, 0), CASES);
    assertThat(summary.passed()).isTrue();
    assertThat(summary.lines()).anyMatch(line -> line.contains("not when measured again"));
  }

  /** Every other fork is disturbed in the first rounds, and takes as long as the slower ones. */
  @Test
  void aSlowerLoopThatNoiseHidesAtFirstIsMeasuredOnAndFails() throws IOException {
    final int[] calls = new int[1];
    final Interleaving.Side disturbed =
        which -> source(calls[0]++ % 10 == 0 ? 140 : 100, 0).measure(which);
    final Summary summary = gate(source(120, 0)).against("before", disturbed, List.of(LOOP));
    assertThat(calls[0]).isGreaterThan(2 * 5);
    assertThat(summary.passed()).isFalse();
  }

  @Test
  void oneSmallObjectAFrameFailsThoughItIsNotSlower() throws IOException {
    final Summary summary = gate(source(100, 16)).against("before", source(100, 0), CASES);
    assertThat(summary.passed()).isFalse();
    assertThat(summary.markdown()).anyMatch(line -> line.contains("**FAIL**"));
    assertThat(summary.json()).contains("allocates more");
  }

  /** The first figures were measured: a masking loop on a machine with a load of 12. */
  @Test
  void whatTheHarnessAllocatesIsNoGrowth() throws IOException {
    assertThat(gate(source(60, 0.0062)).against("before", source(60, 0.0026), CASES).passed())
        .isTrue();
    assertThat(gate(source(2000, 0.05)).against("before", source(2000, 0.02), CASES).passed())
        .isTrue();
  }

  @Test
  void aCaseThatIsGoneFailsAndOneThatIsNewPasses() throws IOException {
    final Interleaving.Side all = source(100, 0);
    final Summary gone = gate(without(LOOP, all)).against("before", all, CASES);
    assertThat(gone.passed()).isFalse();
    assertThat(gone.missing()).containsExactly("Loop.run");
    assertThat(gate(all).against("before", without(LOOP, all), CASES).passed()).isTrue();
  }

  @Test
  void aBaselineIsWrittenReadAndHeldToInAllocationOnly() throws IOException {
    final Path file = directory.resolve("deep/baseline.json");
    new Baseline(ENVIRONMENT, gate(source(100, 0)).measure(CASES, 2)).write(file);
    final Baseline read = Baseline.read(file);
    assertThat(read.revision()).isEqualTo("abc");
    assertThat(read.cases()).containsOnlyKeys(CASES);
    assertThat(gate(source(1000, 0)).against("file", read).passed()).isTrue();
    final Summary more = gate(source(100, 16)).against("file", read);
    assertThat(more.passed()).isFalse();
    assertThat(more.lines().get(2)).contains("times were not compared");
    assertThat(gate(without(LOOP, source(100, 0))).against("file", read).missing())
        .containsExactly("Loop.run");
  }

  @Test
  void aBaselineThatCannotBeReadSaysHowToMakeOne() throws IOException {
    final Path file = directory.resolve("baseline.json");
    assertThatThrownBy(() -> Baseline.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("there is no baseline")
        .hasMessageContaining("--update");
    for (final String wrong :
        List.of("nonsense", "{}", "{\"cases\": [{\"benchmark\": \"a.B.c\"}]}")) {
      Files.writeString(file, wrong);
      assertThatThrownBy(() -> Baseline.read(file)).hasMessageContaining("--update");
    }
  }
}
