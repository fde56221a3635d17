package org.millrace.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.bench.load.LoadPlan.SipUsers;

class SipScenariosTest {
  private static LoadPlanBuilder plan(MiniRegistrar server, Scenario scenario) {
    return LoadPlan.of(server.uri(), scenario)
        .connections(4)
        .warmUp(Duration.ZERO)
        .sip(new SipUsers("example.com", 40, Duration.ofMillis(50)))
        .rate(200, Duration.ofMillis(500));
  }

  private static LoadResult run(LoadPlanBuilder plan) throws IOException {
    return LoadRun.run(plan.build(), line -> {});
  }

  @ParameterizedTest
  @EnumSource(
      value = Scenario.class,
      names = {"OPTIONS", "REGISTER", "MESSAGE", "CALLS"})
  void allRequestsAreAnswered(Scenario scenario) throws IOException {
    try (MiniRegistrar server = new MiniRegistrar(200, false)) {
      final LoadResult result = run(plan(server, scenario));
      assertThat(result.errors()).isEmpty();
      assertThat(result.intended()).isEqualTo(100);
      assertThat(result.answered()).isEqualTo(100);
      assertThat(result.lost()).isZero();
      assertThat(result.notes().getOrDefault("calls that ended with BYE", 0L))
          .isEqualTo(scenario == Scenario.CALLS ? 100 : 0);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Scenario.class,
      names = {"OPTIONS", "REGISTER", "MESSAGE", "CALLS"})
  void theClosedLoopGoesOn(Scenario scenario) throws IOException {
    try (MiniRegistrar server = new MiniRegistrar(200, false)) {
      final LoadResult result =
          run(plan(server, scenario).pace(Pace.closed(2, Duration.ofSeconds(1))));
      assertThat(result.isClean()).isTrue();
      assertThat(result.answered()).isGreaterThan(4 * 2);
    }
  }

  @Test
  void anAnswerThatComesTwiceCountsOnce() throws IOException {
    try (MiniRegistrar server = new MiniRegistrar(200, true)) {
      final LoadResult result = run(plan(server, Scenario.OPTIONS));
      assertThat(result.answered()).isEqualTo(100);
      assertThat(result.lost()).isZero();
      assertThat(result.notes().get("answers that came twice")).isGreaterThanOrEqualTo(99);
    }
  }

  @Test
  void anAnswerThatIsAFailureIsAnError() throws IOException {
    try (MiniRegistrar server = new MiniRegistrar(403, false)) {
      final LoadResult result = run(plan(server, Scenario.REGISTER));
      assertThat(result.errors()).containsEntry("REGISTER was answered 403", 100L);
      assertThat(result.isClean()).isFalse();
    }
  }

  @Test
  void whoCannotRegisterCannotBeCalled() throws IOException {
    try (MiniRegistrar server = new MiniRegistrar(401, false)) {
      assertThatThrownBy(() -> run(plan(server, Scenario.CALLS)))
          .isInstanceOf(LoadException.class)
          .hasMessageContaining("REGISTER was answered 401");
    }
  }
}
