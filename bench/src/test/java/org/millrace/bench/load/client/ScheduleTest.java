package org.millrace.bench.load.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final long SECOND = 1_000_000_000;
  private static final Offset<Long> MICROSECOND = within(1_000L);

  private static List<Long> times(Schedule schedule) {
    final List<Long> times = new ArrayList<>();
    for (long next = schedule.next(); next != Long.MAX_VALUE; next = schedule.next()) {
      times.add(next);
      schedule.advance();
    }
    return times;
  }

  @Test
  void aFixedRateHasEvenIntervals() {
    final List<Long> times = times(new Schedule().step(1000, 1000, 2 * SECOND));
    assertThat(times).hasSize(2000);
    for (int i = 0; i < times.size(); i++) {
      assertThat(times.get(i)).isCloseTo(i * SECOND / 1000, MICROSECOND);
    }
  }

  @Test
  void aRampHasAsManyMessagesAsItsMeanRateAndGetsFaster() {
    final List<Long> times = times(new Schedule().step(100, 300, 10 * SECOND));
    assertThat(times).hasSize(2000).isSorted();
    // Up to t there are 100 t + 10 t^2 messages: 750 in the first 5 seconds.
    assertThat(times.stream().filter(time -> time < 5 * SECOND)).hasSize(750);
    assertThat(times.get(1) - times.get(0)).isCloseTo(SECOND / 100, within(SECOND / 10_000));
    assertThat(times.get(1999) - times.get(1998)).isCloseTo(SECOND / 300, within(SECOND / 10_000));
  }

  @Test
  void aRampMayGoDownAndBeginOrEndAtNothing() {
    assertThat(times(new Schedule().step(1000, 0, SECOND))).hasSize(500).isSorted();
    assertThat(times(new Schedule().step(0, 1000, SECOND))).hasSize(500).isSorted();
  }

  @Test
  void stepsFollowOneAnother() {
    final Schedule schedule = new Schedule().step(10, 10, SECOND).step(20, 20, SECOND);
    assertThat(schedule.endNs()).isEqualTo(2 * SECOND);
    final List<Long> times = times(schedule);
    assertThat(times).hasSize(30).isSorted();
    assertThat(times.get(10)).isEqualTo(SECOND);
    assertThat(times.get(11)).isCloseTo(SECOND + SECOND / 20, MICROSECOND);
  }

  @Test
  void aRateOfNothingHasNoMessages() {
    assertThat(times(new Schedule().step(0, 0, SECOND))).isEmpty();
  }
}
