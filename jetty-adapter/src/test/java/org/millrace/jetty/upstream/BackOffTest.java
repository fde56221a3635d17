package org.millrace.jetty.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The pauses between attempts. */
class BackOffTest {
  @Test
  void theFirstPauseIsAnythingUpToFiveSeconds() {
    assertThat(new BackOff(Duration.ofMinutes(1), () -> 0).afterFailure()).isZero();
    assertThat(new BackOff(Duration.ofMinutes(1), () -> 0.5).afterFailure())
        .isEqualTo(Duration.ofMillis(2500));
  }

  @Test
  void laterPausesAreTwiceAsLongUntilTheLongest() {
    final BackOff backOff = new BackOff(Duration.ofMinutes(1), () -> 1);
    for (final int seconds : new int[] {5, 10, 20, 40, 60, 60}) {
      assertThat(backOff.afterFailure()).isEqualTo(Duration.ofSeconds(seconds));
    }
  }

  @Test
  void laterPausesAreNeverLessThanHalfAsLong() {
    final BackOff backOff = new BackOff(Duration.ofMinutes(1), () -> 0);
    backOff.afterFailure();
    assertThat(backOff.afterFailure()).isEqualTo(Duration.ofSeconds(5));
    assertThat(backOff.afterFailure()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void aThousandFailuresAreNotTooMany() {
    final BackOff backOff = new BackOff(Duration.ofMinutes(1), () -> 1);
    for (int i = 0; i < 1000; i++) {
      assertThat(backOff.afterFailure()).isLessThanOrEqualTo(Duration.ofMinutes(1)).isPositive();
    }
  }

  @Test
  void aConnectionThatWasOpenForHalfAMinuteStartsAnew() {
    final BackOff backOff = new BackOff(Duration.ofMinutes(1), () -> 1);
    backOff.afterFailure();
    backOff.afterFailure();
    assertThat(backOff.afterConnection(Duration.ofMillis(29_999))).isFalse();
    assertThat(backOff.afterFailure()).isEqualTo(Duration.ofSeconds(20));
    assertThat(backOff.afterConnection(Duration.ofSeconds(30))).isTrue();
    assertThat(backOff.afterFailure()).isEqualTo(Duration.ofSeconds(5));
  }
}
