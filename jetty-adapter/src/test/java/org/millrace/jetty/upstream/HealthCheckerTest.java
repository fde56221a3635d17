package org.millrace.jetty.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;
import org.millrace.engine.connection.SendResult;
import org.millrace.engine.sip.CoreHop;
import org.millrace.engine.sip.CoreSender;
import org.millrace.engine.sip.CoreSocket;
import org.millrace.engine.sip.CoreTransport;
import org.millrace.engine.sip.LocalTransactions;
import org.millrace.engine.sip.Target;
import org.millrace.engine.sip.Target.Health;
import org.millrace.jetty.config.HealthConfig;
import org.millrace.jetty.config.UpstreamConfig;

/** C-69: what is asked, when, and what is made of the answers. */
class HealthCheckerTest {
  private record Sent(Target target, String text, boolean retransmit) {
    String branch() {
      final int start = text.indexOf(LocalTransactions.BRANCH_MARK);
      return text.substring(start, text.indexOf(';', start));
    }
  }

  private final List<Sent> sent = new ArrayList<>();
  private final AtomicLong counter = new AtomicLong();
  private final UpstreamConfig upstream = upstream(Upstreams.health());
  private long nowNs = Long.MAX_VALUE - 1_000_000_000L;
  private int result = SendResult.SENT;

  private final HealthChecker checker =
      new HealthChecker(
          new CoreSender() {
            @Override
            public int send(
                Target target, DirectBuffer buffer, int offset, int length, boolean retransmit) {
              sent.add(
                  new Sent(target, buffer.getStringWithoutLengthAscii(offset, length), retransmit));
              return result;
            }

            @Override
            public int reply(CoreHop hop, DirectBuffer buffer, int offset, int length) {
              throw new AssertionError("nothing is to be answered");
            }
          },
          "Test",
          () -> nowNs,
          () -> new byte[] {0, 0, 0, 0, 0, 0, 0, (byte) counter.incrementAndGet()});

  private final Target target =
      new Target(
          "pbx/tcp:192.0.2.1:5060",
          new CoreSocket(1, CoreTransport.TCP, "edge.example", 5070),
          new InetSocketAddress("192.0.2.1", 5060),
          0,
          1);

  private static UpstreamConfig upstream(HealthConfig health) {
    final UpstreamConfig any = Upstreams.config("[\"sip:192.0.2.1\"]").upstreams().get(0);
    return new UpstreamConfig(
        any.name(),
        any.targets(),
        any.maxConnections(),
        any.connectTimeout(),
        any.queueMessages(),
        any.queueBytes(),
        any.reconnectMax(),
        any.connection(),
        any.ws(),
        any.tls(),
        any.trusted(),
        any.sizeRule(),
        health);
  }

  private void has(Target... targets) {
    checker.update(
        Arrays.stream(targets).map(it -> new Destination(it, upstream, "pbx.example")).toList());
  }

  private void pass(double seconds) {
    nowNs += (long) (seconds * 1e9);
    checker.poll();
  }

  private void answer(int status, int retryAfter) {
    final String branch = sent.get(sent.size() - 1).branch();
    checker.onResponse(branch, status, retryAfter);
    checker.poll();
  }

  /** The next probe, and an answer to it. */
  private Health next(int status) {
    pass(10);
    answer(status, -1);
    return target.health();
  }

  @Test
  void shouldAskTheTargetItself() {
    has(target);
    checker.poll();
    assertThat(sent)
        .containsExactly(
            new Sent(
                target,
                """
                OPTIONS sip:192.0.2.1:5060;transport=tcp SIP/2.0
                Via: SIP/2.0/TCP edge.example:5070;branch=z9hG4bKh1.0000000000000001;rport
                Max-Forwards: 70
                From: <sip:millrace@edge.example:5070>;tag=0000000000000002
                To: <sip:192.0.2.1:5060;transport=tcp>
                Call-ID: 0000000000000003
                CSeq: 1 OPTIONS
                User-Agent: Test
                Content-Length: 0

                """
                    .replace("\n", "\r\n"),
                true));
  }

  @Test
  void shouldAskEachTenSecondsAndNotWhileAQuestionIsOpen() {
    has(target);
    checker.poll();
    pass(4);
    assertThat(sent).hasSize(1);
    answer(200, -1);
    pass(5.9);
    assertThat(sent).hasSize(1);
    pass(0.1);
    assertThat(sent).hasSize(2);
    assertThat(checker.lastOutcome(target)).contains("200 after 4000 ms");
  }

  @Test
  void shouldAskLessOftenWhoHasBeenWellForLong() {
    has(target);
    checker.poll();
    answer(200, -1);
    for (int i = 0; i < 30; i++) {
      next(200);
    }
    final int before = sent.size();
    pass(10);
    assertThat(sent).as("the next was planned before").hasSize(before);
    pass(20);
    assertThat(sent).hasSize(before + 1);
    answer(503, -1);
    pass(30);
    assertThat(sent).hasSize(before + 2);
    answer(200, -1);
    pass(10);
    assertThat(sent).hasSize(before + 3);
  }

  @Test
  void shouldBeDownAfterThreeFailuresAndUpAfterTwoGoodAnswers() {
    has(target);
    checker.poll();
    answer(408, -1);
    assertThat(next(503)).isEqualTo(Health.UP);
    pass(10);
    pass(5); // no answer at all
    assertThat(target.health()).isEqualTo(Health.DOWN);
    assertThat(checker.lastOutcome(target)).contains("no answer");
    assertThat(next(200)).isEqualTo(Health.DOWN);
    assertThat(next(200)).isEqualTo(Health.UP);
  }

  @Test
  void shouldCountOnlyFailuresInARow() {
    has(target);
    checker.poll();
    for (final int status : new int[] {503, 503, 200, 503, 503, 404, 200}) {
      answer(status, -1);
      pass(10);
      if (status == 404) {
        assertThat(target.health()).isEqualTo(Health.DOWN);
      }
    }
  }

  @Test
  void shouldTakeAnyOtherFinalAnswerForGood() {
    has(target);
    checker.poll();
    for (final int status : new int[] {200, 301, 401, 405, 483, 500, 501, 603}) {
      answer(status, -1);
      assertThat(target.health()).isEqualTo(Health.UP);
      pass(10);
    }
    answer(100, -1);
    pass(5);
    assertThat(checker.lastOutcome(target)).as("100 is no answer").contains("no answer");
  }

  @Test
  void shouldDrainWithRetryAfter() {
    has(target);
    checker.poll();
    answer(503, 0);
    assertThat(target.health()).isEqualTo(Health.DRAINING);
    assertThat(next(200)).isEqualTo(Health.DRAINING);
    assertThat(next(200)).isEqualTo(Health.UP);
  }

  @Test
  void shouldBeDownAtOnceIfNothingCanBeSent() {
    result = SendResult.NOT_OPEN;
    has(target);
    checker.poll();
    assertThat(target.health()).isEqualTo(Health.DOWN);
    assertThat(checker.lastOutcome(target)).contains("cannot be reached");
  }

  @Test
  void shouldNotBlameATargetForALackOfRoomHere() {
    result = SendResult.BACK_PRESSURED;
    has(target);
    for (int i = 0; i < 10; i++) {
      pass(10);
    }
    assertThat(sent).hasSize(10);
    assertThat(target.health()).isEqualTo(Health.UP);
  }

  @Test
  void shouldNotBelieveAnswersToWhatWasNotAsked() {
    has(target);
    checker.poll();
    final String old = sent.get(0).branch();
    pass(5);
    checker.onResponse(old, 503, 1);
    checker.poll();
    assertThat(target.health()).as("too late").isEqualTo(Health.UP);
    answer(503, 1);
    assertThat(target.health()).isEqualTo(Health.UP);
  }

  @Test
  void shouldNotTrustATwinBeforeItHasAnswered() {
    final Target udp =
        new Target(
            "pbx/udp:192.0.2.1:5060",
            new CoreSocket(2, CoreTransport.UDP, "edge.example", 5070),
            new InetSocketAddress("192.0.2.1", 5060),
            0,
            1,
            target,
            Set.of());
    has(udp, target);
    assertThat(target.health()).isEqualTo(Health.DOWN);
    assertThat(udp.health()).isEqualTo(Health.UP);
    checker.poll();
    sent.forEach(it -> checker.onResponse(it.branch(), 200, -1));
    checker.poll();
    assertThat(target.health()).isEqualTo(Health.UP);
    final Target moved = new Target(target.name(), target.socket(), target.address(), 1, 1);
    has(new Target(udp.name(), udp.socket(), udp.address(), 1, 1, moved, Set.of()), moved);
    assertThat(moved.health()).as("known by another instance").isEqualTo(Health.UP);
  }

  @Test
  void shouldForgetWhoIsNoLongerThere() {
    has(target);
    checker.poll();
    has();
    answer(503, 1);
    pass(100);
    assertThat(sent).hasSize(1);
    assertThat(target.health()).isEqualTo(Health.UP);
    assertThat(checker.lastOutcome(target)).isEmpty();
  }

  @Test
  void shouldAskNobodyWhereItIsSwitchedOff() {
    final HealthConfig off =
        new HealthConfig(
            false,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            1,
            1,
            Set.of());
    checker.update(List.of(new Destination(target, upstream(off), "pbx.example")));
    pass(100);
    assertThat(sent).isEmpty();
  }
}
