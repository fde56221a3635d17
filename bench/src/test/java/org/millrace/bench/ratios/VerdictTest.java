package org.millrace.bench.ratios;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VerdictTest {
  private final Scores scores = new Scores();

  private void score(double millrace, double jetty, double netty) {
    for (String content : RatiosCommand.CONTENTS) {
      scores.add(content, RatiosCommand.MILLRACE, millrace, 0);
      scores.add(content, RatiosCommand.JETTY, jetty, 3000);
      scores.add(content, RatiosCommand.NETTY, netty, 24);
    }
  }

  @Test
  void metWhenEveryRatioReachesItsTarget() {
    score(100, 1500, 800);
    final Verdict verdict = Verdict.of(scores, Targets.forJdk(25));
    assertThat(verdict.met()).isTrue();
    assertThat(verdict.table()).hasSize(7).noneMatch(line -> line.contains("MISSED"));
    assertThat(verdict.table().get(2))
        .isEqualTo("ascii    jetty         1500.0     3000   15.0x   15.0x");
  }

  @Test
  void missedWhenOneRatioIsTooSmall() {
    score(100, 1500, 799);
    final Verdict verdict = Verdict.of(scores, Targets.forJdk(25));
    assertThat(verdict.met()).isFalse();
    assertThat(verdict.table().stream().filter(line -> line.contains("MISSED")))
        .singleElement()
        .asString()
        .startsWith("ascii    netty");
  }

  @Test
  void olderJdksNeedHalfForAscii() {
    score(100, 750, 400);
    assertThat(Verdict.of(scores, Targets.forJdk(17)).met()).isTrue();
    assertThat(Verdict.of(scores, Targets.forJdk(25)).met()).isFalse();
  }

  @Test
  void theMedianOfTheRoundsCounts() {
    score(100, 1500, 1000);
    score(5000, 1500, 1000);
    score(90, 1500, 1000);
    assertThat(scores.nanoseconds(RatiosCommand.ASCII, RatiosCommand.MILLRACE)).isEqualTo(100);
    score(110, 1500, 1000);
    assertThat(scores.nanoseconds(RatiosCommand.ASCII, RatiosCommand.MILLRACE)).isEqualTo(105);
    assertThat(scores.bytes(RatiosCommand.ASCII, RatiosCommand.JETTY)).isEqualTo(3000);
  }
}
