package org.millrace.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ResultsTest {
  private static final Results.Key OURS =
      new Results.Key(Contender.MILLRACE, false, Figure.MESSAGE_CPU);
  private static final Results.Key THEIRS =
      new Results.Key(Contender.NETTY, false, Figure.MESSAGE_CPU);

  private final Results results = new Results();

  private void round(int round, double ours, double theirs) {
    results.add(OURS, round, ours);
    results.add(THEIRS, round, theirs);
  }

  @Test
  void theMedianCountsBetweenTheLowestAndTheHighest() {
    assertThat(Spread.of(List.of(5.0, 1.0, 3.0))).isEqualTo(new Spread(1, 3, 5));
    assertThat(Spread.of(List.of(4.0, 1.0))).isEqualTo(new Spread(1, 2.5, 4));
  }

  @Test
  void theRatioIsTheMedianOfTheRatiosOfEachRound() {
    round(1, 1, 2);
    round(2, 10, 30);
    round(3, 100, 200);
    assertThat(results.ratio(THEIRS)).contains(new Spread(2, 2, 3));
    assertThat(results.ratio(OURS)).contains(new Spread(1, 1, 1));
    assertThat(results.spread(THEIRS)).contains(new Spread(2, 30, 200));
  }

  @Test
  void onlyRoundsThatBothHaveAreCompared() {
    round(1, 1, 2);
    results.add(THEIRS, 2, 500);
    results.add(OURS, 3, 7);
    assertThat(results.ratio(THEIRS)).contains(new Spread(2, 2, 2));
    assertThat(results.rounds(THEIRS)).containsExactly(2.0, 500.0);
  }

  @Test
  void withoutOurFigureThereIsNoRatio() {
    results.add(THEIRS, 1, 2);
    results.add(new Results.Key(Contender.MILLRACE, true, Figure.MESSAGE_CPU), 1, 1);
    assertThat(results.ratio(THEIRS)).isEmpty();
    results.add(OURS, 1, 0);
    assertThat(results.ratio(THEIRS)).isEmpty();
    assertThat(results.spread(new Results.Key(Contender.JETTY, false, Figure.P99))).isEmpty();
  }

  @Test
  void whatAnswersSipIsComparedWithMillraceAnsweringSip() {
    final Results.Key kamailio = new Results.Key(Contender.KAMAILIO, true, Figure.P99);
    results.add(kamailio, 1, 30);
    results.add(new Results.Key(Contender.MILLRACE, true, Figure.P99), 1, 1);
    results.add(new Results.Key(Contender.MILLRACE_SIP, true, Figure.P99), 1, 10);
    assertThat(results.ratio(kamailio)).contains(new Spread(3, 3, 3));
  }

  @Test
  void theSameRemarkOfSeveralRoundsIsToldOnce() {
    results.remark(1, "b");
    results.remark(3, "b");
    assertThat(results.hasFailed()).isFalse();
    results.failed(2, "a");
    assertThat(results.remarks()).containsExactly("a (round 2)", "b (round 1, 3)");
    assertThat(results.hasFailed()).isTrue();
  }

  @Test
  void theStandingNamesTheBestWhereItIsNotMillrace() {
    round(1, 1, 2);
    final Results.Key ourRate = new Results.Key(Contender.MILLRACE, true, Figure.MESSAGES);
    results.add(ourRate, 1, 1000);
    results.add(new Results.Key(Contender.NETTY, true, Figure.MESSAGES), 1, 1500);
    results.add(new Results.Key(Contender.JETTY, true, Figure.MESSAGES), 1, 2000);
    results.add(new Results.Key(Contender.MILLRACE, true, Figure.P50), 1, 5);
    final Standing standing = new Standing(results);
    assertThat(standing.summary()).contains("the best of 1 of the 2 figures");
    assertThat(standing.losses(false))
        .containsExactly("throughput over wss, messages/s: jetty has 2,000, Millrace 1,000");
    assertThat(standing.losses(true)).isEmpty();
  }
}
