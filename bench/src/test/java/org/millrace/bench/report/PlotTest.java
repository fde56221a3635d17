package org.millrace.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class PlotTest {
  @Test
  void aLinearAxisBeginsAtZeroAndEndsAtARoundValue() {
    final Axis axis = Axis.linear(3, 87);
    assertThat(axis.ticks()).containsExactly(0.0, 20.0, 40.0, 60.0, 80.0, 100.0);
    assertThat(axis.at(50)).isCloseTo(0.5, within(1e-9));
    assertThat(Axis.linear(0, 0).at(0)).isZero();
    assertThat(Axis.linear(-5, 5).ticks()).contains(0.0).first().isEqualTo(-6.0);
  }

  @Test
  void aLogarithmicAxisHasWholeDecades() {
    final Axis axis = Axis.logarithmic(3, 870);
    assertThat(axis.ticks()).hasSize(4);
    assertThat(axis.at(1)).isZero();
    assertThat(axis.at(10)).isCloseTo(1 / 3.0, within(1e-9));
    assertThat(axis.at(1000)).isCloseTo(1, within(1e-9));
    assertThatThrownBy(() -> Axis.logarithmic(0, 1)).hasMessageContaining("no place for 0");
  }

  @Test
  void labelsAreShort() {
    assertThat(List.of(0.0, 0.30000000000000004, 1500.0, 20000.0, 2500000.0).stream())
        .extracting(Axis::label)
        .containsExactly("0", "0.3", "1500", "20k", "2.5M");
  }

  @Test
  void aValueThatWasNotMeasuredHasNoBar() {
    final String svg = BarPlot.of("t", List.of("a", "b")).series("", 1, Double.NaN).svg();
    assertThat(svg.split("<rect ", -1)).hasSize(2);
    assertThat(svg).doesNotContain("NaN");
  }

  @Test
  void theSpreadIsALineOnTheBar() {
    final BarPlot plot = BarPlot.of("t", List.of("a"));
    final String without = plot.series("x", 2).svg();
    final String with =
        BarPlot.of("t", List.of("a"))
            .series("x", new double[] {2}, new double[] {1}, new double[] {2})
            .svg();
    assertThat(with.split("<line ", -1).length).isEqualTo(without.split("<line ", -1).length + 1);
  }

  @Test
  void aBandIsAnAreaAndPointsAreDots() {
    final double[] xs = {1, 10, 100};
    final String svg =
        LinePlot.of("t")
            .x("rate")
            .y("p99")
            .logarithmicX()
            .logarithmicY()
            .band("band", xs, new double[] {1, 2, 3}, new double[] {2, 3, 4})
            .points("measured", xs, new double[] {1, 2, 3})
            .svg();
    assertThat(svg).containsOnlyOnce("<polygon ").contains("measured at 10: 2");
    assertThat(svg.split("<circle ", -1)).hasSize(4);
  }

  @Test
  void valuesMustFitTheGroups() {
    assertThatThrownBy(() -> BarPlot.of("t", List.of("a", "b")).series("x", 1))
        .hasMessageContaining("x: not one value for each of 2 groups");
    assertThatThrownBy(() -> LinePlot.of("t").line("l", new double[1], new double[2]))
        .hasMessageContaining("not one y for each x");
  }
}
