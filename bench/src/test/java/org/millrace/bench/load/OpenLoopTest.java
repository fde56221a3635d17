package org.millrace.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.function.LongUnaryOperator;
import org.HdrHistogram.Histogram;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.millrace.bench.load.client.Driver;
import org.millrace.bench.load.client.Meter;
import org.millrace.bench.load.client.Schedule;
import org.millrace.bench.load.client.SimulatedServer;

/**
 * Whether the percentiles are true: 10 seconds at 1,000 messages a second on a clock of our own,
 * with a server whose every answer is known beforehand.
 */
class OpenLoopTest {
  private static final long MS = 1_000_000;
  private static final long SECOND = 1_000 * MS;
  private static final int RATE = 1_000;
  private static final int MESSAGES = 10 * RATE;
  private static final int CONNECTIONS = 7;

  /** Histograms keep three digits. */
  private static final Percentage DIGITS = Percentage.withPercentage(0.2);

  private SimulatedServer server;
  private Meter meter;

  private Meter.Step run(LongUnaryOperator answerTime) throws IOException {
    return run(answerTime, LongUnaryOperator.identity(), 0);
  }

  private Meter.Step run(LongUnaryOperator answerTime, LongUnaryOperator wakeUp, int outstanding)
      throws IOException {
    server = new SimulatedServer(answerTime);
    meter = new Meter(server::nanoTime, 0);
    meter.step(10 * SECOND);
    final Script script =
        new EchoScript(
            LoadPlan.of(URI.create("ws://server/"), Scenario.ECHO)
                .connections(CONNECTIONS)
                .payload(100)
                .pace(
                    outstanding > 0
                        ? Pace.closed(outstanding, Duration.ofSeconds(10))
                        : Pace.fixed(RATE, Duration.ofSeconds(10)))
                .build(),
            meter);
    script.conversations().forEach(conversation -> server.connect(conversation, meter));
    server.wakeUp(wakeUp);
    final double rate = outstanding > 0 ? 0 : RATE;
    meter.start();
    script.start();
    new Driver(
            new Schedule().step(rate, rate, 10 * SECOND),
            script,
            server,
            meter,
            new Driver.Watch() {
              @Override
              public void measureBegins() {}

              @Override
              public void measureEnds() {}

              @Override
              public void second(long nowNs) {}
            })
        .run(5 * SECOND);
    return meter.steps().get(0);
  }

  private static long stallFromTwoToThree(long nowNs) {
    return (nowNs >= 2 * SECOND && nowNs < 3 * SECOND ? 3 * SECOND : nowNs) + MS;
  }

  @Test
  void aConstantDelayIsEveryPercentile() throws IOException {
    final Meter.Step step = run(nowNs -> nowNs + 3 * MS);
    assertThat(step.answered()).isEqualTo(MESSAGES);
    assertThat(step.latency().getMinValue()).isCloseTo(3 * MS, DIGITS);
    assertThat(step.latency().getMaxValue()).isCloseTo(3 * MS, DIGITS);
  }

  @Test
  void aStallOfASecondIsTheLatencyOfAllMessagesThatWereDueInIt() throws IOException {
    final Meter.Step step = run(OpenLoopTest::stallFromTwoToThree);
    final Histogram latency = step.latency();
    assertThat(step.answered()).isEqualTo(MESSAGES);
    // Of 10,000 messages 1,000 were due in the stall; the first waited for all of it, the last for
    // a millisecond: so a tenth has more than 1 ms, a twentieth more than 500 ms.
    assertThat(latency.getMaxValue()).isCloseTo(SECOND + MS, DIGITS);
    assertThat(latency.getValueAtPercentile(89.9)).isCloseTo(MS, DIGITS);
    assertThat(latency.getValueAtPercentile(95)).isCloseTo(501 * MS, DIGITS);
    assertThat(latency.getValueAtPercentile(99)).isCloseTo(901 * MS, DIGITS);
    assertThat(latency.getValueAtPercentile(99.9)).isCloseTo(991 * MS, DIGITS);
    assertThat(latency.getCountBetweenValues(502 * MS, 2 * SECOND)).isCloseTo(500, within(2L));
  }

  @Test
  void theClosedLoopHidesTheStall() throws IOException {
    final Histogram latency =
        run(OpenLoopTest::stallFromTwoToThree, LongUnaryOperator.identity(), 1).latency();
    assertThat(latency.getValueAtPercentile(99.9)).isCloseTo(MS, DIGITS);
    assertThat(latency.getCountBetweenValues(10 * MS, 2 * SECOND)).isEqualTo(CONNECTIONS);
  }

  @Test
  void aGeneratorThatWasHeldUpOwnsUpToIt() throws IOException {
    final Meter.Step step =
        run(
            nowNs -> nowNs + MS,
            nowNs -> nowNs >= 2 * SECOND && nowNs < 3 * SECOND ? 3 * SECOND : nowNs,
            0);
    assertThat(step.latency().getValueAtPercentile(95)).isBetween(499 * MS, 503 * MS);
    assertThat(meter.late().getValueAtPercentile(99)).isBetween(898 * MS, 902 * MS);
    final ClientUse use =
        new ClientUse(0, 0, meter.late().getValueAtPercentile(99), meter.late().getMaxValue(), 0);
    assertThat(Bottleneck.of(use, 10, MS)).singleElement().asString().contains("taken up");
  }

  @Test
  void whatIsNeverAnsweredIsLost() throws IOException {
    final Meter.Step step = run(nowNs -> nowNs >= 9 * SECOND ? -1 : nowNs + MS);
    assertThat(step.intended()).isEqualTo(MESSAGES);
    assertThat(step.sent()).isEqualTo(MESSAGES);
    assertThat(step.answered()).isEqualTo(MESSAGES - RATE);
    assertThat(server.nanoTime()).isGreaterThanOrEqualTo(15 * SECOND);
  }

  @Test
  void answersAreCountedInTheTimeInWhichTheyCome() throws IOException {
    run(nowNs -> nowNs + 2 * SECOND);
    assertThat(meter.answersInTime()).isCloseTo(8 * RATE, within(1L));
    assertThat(meter.steps().get(0).answered()).isEqualTo(MESSAGES);
  }

  @Test
  void aGeneratorThatWakesUpBehindTheEndStillSendsAllThatWasDue() throws IOException {
    final Meter.Step step =
        run(nowNs -> nowNs + MS, nowNs -> nowNs >= 9 * SECOND ? nowNs + 2 * SECOND : nowNs, 0);
    assertThat(step.intended()).isEqualTo(MESSAGES);
    assertThat(step.answered()).isEqualTo(MESSAGES);
  }
}
