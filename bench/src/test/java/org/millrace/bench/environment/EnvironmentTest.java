package org.millrace.bench.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
  @Test
  void tellsWhatAFigureWasMeasuredOn() {
    final List<String> lines = Environment.of(List.of("-Xmx1g", "-Da=b")).lines();
    assertThat(lines).hasSize(6).noneMatch(line -> line.endsWith(": "));
    assertThat(lines.get(0)).startsWith("cpu: ").endsWith(" processors");
    assertThat(lines.get(2))
        .startsWith("jdk: ")
        .containsPattern("\\b" + Runtime.version().feature() + "\\b");
    assertThat(lines.get(3)).isEqualTo("flags: -Xmx1g -Da=b");
  }
}
