package org.millrace.bench.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SearchTest {
  private static final double PRECISION = 0.05;

  private static Search search(Search.Probe probe) {
    return new Search(probe, 3, 1.6, PRECISION);
  }

  private static Search.Outcome outcome(boolean held) {
    return held ? Search.Outcome.HELD : Search.Outcome.FAILED;
  }

  @Test
  void theKneeIsFoundFromBelowAndFromAbove() throws IOException {
    for (final double knee : new double[] {130, 1000, 7777, 123_456}) {
      final Search.Found found = search(load -> outcome(load <= knee)).run(1000, 1e6);
      assertThat(found.held()).isBetween(knee / (1 + PRECISION), knee);
      assertThat(found.failed()).isGreaterThan(knee);
      assertThat(found.isAtLeast()).isFalse();
    }
  }

  @Test
  void oneBadMomentInTwentyDecidesNothing() throws IOException {
    for (int seed = 0; seed < 50; seed++) {
      final Random random = new Random(seed);
      final Search.Found found =
          new Search(load -> outcome(load <= 5000 && random.nextInt(20) > 0), 9, 1.6, PRECISION)
              .run(1000, 1e6);
      assertThat(found.held()).isBetween(4700.0, 5000.0);
    }
  }

  @Test
  void aGeneratorThatIsTheBottleneckMakesALowerBound() throws IOException {
    final Search.Found found =
        search(load -> load > 4000 ? Search.Outcome.CLIENT : Search.Outcome.HELD).run(1000, 1e6);
    assertThat(found.held()).isBetween(2500.0, 4000.0);
    assertThat(found.failed()).isZero();
    assertThat(found.why()).isEqualTo("the generator was the bottleneck at 4096");
  }

  @Test
  void theMostThatWasTriedIsALowerBound() throws IOException {
    final Search.Found found = search(load -> Search.Outcome.HELD).run(1000, 5000);
    assertThat(found.held()).isEqualTo(5000);
    assertThat(found.why()).isEqualTo("no more than 5000 was tried");
  }

  @Test
  void aServerThatHoldsNothingHoldsNothing() throws IOException {
    final Search.Found found = search(load -> Search.Outcome.FAILED).run(1000, 5000);
    assertThat(found.held()).isZero();
    assertThat(found.failed()).isPositive();
  }
}
