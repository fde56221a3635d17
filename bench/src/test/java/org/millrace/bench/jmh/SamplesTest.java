package org.millrace.bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SamplesTest {
  private static final String RESULT =
      """
      [{"benchmark": "a.b.C.d", "params": {"size": "600"},
        "primaryMetric": {"rawData": [[15.0, 16.0, 17.0], [19.0, 18.0]]},
        "secondaryMetrics": {
          "cpu.time.norm": {"rawData": [[12.5, 11.0, 13.0], [14.0, 12.0]]},
          "gc.alloc.rate.norm": {"rawData": [[0.2, 0.1, 0.3], [16.1, 16.0]]}}}]
      """;

  @TempDir private Path directory;

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("result.json"), text);
  }

  @Test
  void ofEachForkTheBestIterationCounts() throws IOException {
    final Samples samples =
        Samples.read(file(RESULT)).get(Case.of("a.b.C.d", Map.of("size", "600")));
    assertThat(samples.ns()).containsExactly(11.0, 12.0);
    assertThat(samples.bytes()).containsExactly(0.1, 16.0);
    assertThat(samples.medianNs()).isEqualTo(11.5);
  }

  @Test
  void ofShortIterationsTheWallTimeCounts() throws IOException {
    final Samples samples =
        Samples.read(file(RESULT), Samples.Clock.WALL)
            .get(Case.of("a.b.C.d", Map.of("size", "600")));
    assertThat(samples.ns()).containsExactly(15.0, 18.0);
    assertThat(samples.bytes()).containsExactly(0.1, 16.0);
  }

  @Test
  void aCaseIsNamedByClassMethodAndParameters() {
    assertThat(Case.of("a.b.C.d", Map.of("size", "600", "content", "ascii")))
        .hasToString("C.d content=ascii size=600");
  }

  @Test
  void whatIsNoResultIsRefusedWithTheReason() {
    assertThatThrownBy(() -> Samples.read(file("nonsense"))).hasMessageContaining("is not JSON");
    assertThatThrownBy(() -> Samples.read(file("{}"))).hasMessageContaining("not a result file");
    assertThatThrownBy(() -> Samples.read(file(RESULT.replace("cpu.time.norm", "other"))))
        .hasMessageContaining("has no cpu.time.norm of C.d");
  }
}
