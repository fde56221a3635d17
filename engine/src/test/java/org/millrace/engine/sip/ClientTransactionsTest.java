package org.millrace.engine.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.sip.SipClient.crlf;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** C-60, UP-07: what UDP loses is repeated. */
class ClientTransactionsTest {
  private static final long START = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(5); // wraps around
  private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long END = TimeUnit.SECONDS.toNanos(100);

  private final SipCounters counters = new SipCounters();
  private final ClientTransactions transactions =
      new ClientTransactions(SipTimers.DEFAULT, 4, 64 * 1024, counters);
  private final List<Long> timesMs = new ArrayList<>();
  private final List<String> texts = new ArrayList<>();
  private long nowNs = START;
  private long lastDestination;

  private void resend(long destination, DirectBuffer buffer, int offset, int length) {
    timesMs.add((nowNs - START) / MS);
    texts.add(Text.of(buffer, offset, length));
    lastDestination = destination;
  }

  private boolean add(String request) {
    final UnsafeBuffer buffer = Text.direct(crlf(request));
    final boolean added = transactions.add(7, buffer, 0, buffer.capacity(), nowNs);
    buffer.setMemory(0, buffer.capacity(), (byte) 'x'); // it is the caller's again
    return added;
  }

  private boolean answer(String response) {
    final UnsafeBuffer buffer = Text.direct(crlf(response));
    return transactions.onResponse(buffer, 0, buffer.capacity());
  }

  /** Polls when it wants to be, up to a time. */
  private void runUntil(long timeMs) {
    final long until = START + timeMs * MS;
    long next = transactions.poll(nowNs, this::resend);
    while (next != ClientTransactions.NO_DEADLINE && next - until <= 0) {
      nowNs = next;
      next = transactions.poll(nowNs, this::resend);
    }
    nowNs = until;
  }

  private static String request(String method, String branch) {
    return Text.request(method, "sip:bob@example.com", "c", "")
        .replace("branch=z9hG4bK1", "branch=" + branch);
  }

  private static String response(int status, String method, String branch) {
    return "SIP/2.0 "
        + status
        + " Whatever\nVia: SIP/2.0/UDP 10.0.0.7:5060;branch="
        + branch
        + ";eflow=x;received=10.0.0.7\nVia: SIP/2.0/WSS a.invalid;branch=z9hG4bK1\n"
        + "To: <sip:bob@example.com>;tag=2\nFrom: <sip:alice@example.com>;tag=1\nCall-ID: c\n"
        + "CSeq: 1 "
        + method
        + "\n\n";
  }

  @Test
  void up07Invite() {
    assertThat(add(request("INVITE", "b1"))).isTrue();
    runUntil(100_000);
    assertThat(timesMs).containsExactly(500L, 1500L, 3500L, 7500L, 15_500L, 31_500L);
    assertThat(texts).containsOnly(crlf(request("INVITE", "b1")));
    assertThat(lastDestination).isEqualTo(7);
    assertThat(transactions.active()).isZero();
    assertThat(transactions.usedBytes()).isZero();
    assertThat(counters.get(SipCounter.UNANSWERED_TRANSACTIONS)).isEqualTo(1);
    assertThat(counters.get(SipCounter.RETRANSMISSIONS)).isEqualTo(6);
  }

  @Test
  void up07OtherThanInvite() {
    add(request("MESSAGE", "b1"));
    runUntil(100_000);
    assertThat(timesMs)
        .containsExactly(
            500L, 1500L, 3500L, 7500L, 11_500L, 15_500L, 19_500L, 23_500L, 27_500L, 31_500L);
    assertThat(transactions.active()).isZero();
  }

  @Test
  void itEndsAfter64TimesT1() {
    add(request("MESSAGE", "b1"));
    runUntil(31_999);
    assertThat(transactions.active()).isEqualTo(1);
    runUntil(32_000);
    assertThat(transactions.active()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 180, 200, 404, 603})
  void anyAnswerStopsInvite(int status) {
    add(request("INVITE", "b1"));
    runUntil(2000);
    assertThat(answer(response(status, "INVITE", "b1"))).isTrue();
    assertThat(answer(response(status, "INVITE", "b1"))).isFalse();
    runUntil(100_000);
    assertThat(timesMs).containsExactly(500L, 1500L);
    assertThat(transactions.usedBytes()).isZero();
    assertThat(counters.get(SipCounter.UNANSWERED_TRANSACTIONS)).isZero();
  }

  @Test
  void provisionalMakesOthersSlowAndFinalStopsThem() {
    add(request("REGISTER", "b1"));
    runUntil(600);
    assertThat(answer(response(100, "REGISTER", "b1"))).isTrue();
    runUntil(10_000);
    assertThat(timesMs).containsExactly(500L, 1500L, 5500L, 9500L);
    assertThat(answer(response(200, "REGISTER", "b1"))).isTrue();
    runUntil(100_000);
    assertThat(timesMs).hasSize(4);
  }

  @Test
  void cancelHasATransactionOfItsOwn() {
    add(request("INVITE", "b1"));
    add(request("CANCEL", "b1"));
    assertThat(transactions.active()).isEqualTo(2);
    answer(response(200, "CANCEL", "b1"));
    assertThat(transactions.active()).isEqualTo(1);
    runUntil(600);
    assertThat(texts).containsExactly(crlf(request("INVITE", "b1")));
  }

  @Test
  void ackAndWhatIsNoRequestAndWhatIsThereAlreadyAreNotTracked() {
    assertThat(add(request("ACK", "b1"))).isFalse();
    assertThat(add(response(200, "INVITE", "b1"))).isFalse();
    assertThat(add("garbage\n\n")).isFalse();
    assertThat(add(request("INVITE", "b1"))).isTrue();
    assertThat(add(request("INVITE", "b1"))).isFalse();
    assertThat(transactions.active()).isEqualTo(1);
    assertThat(counters.get(SipCounter.UNTRACKED_TRANSACTIONS)).isZero();
  }

  @Test
  void whatIsNoAnswerToThemChangesNothing() {
    add(request("INVITE", "b1"));
    assertThat(answer(response(200, "INVITE", "b2"))).isFalse();
    assertThat(answer(response(200, "CANCEL", "b1"))).isFalse();
    assertThat(answer(request("INVITE", "b1"))).isFalse();
    assertThat(answer("garbage\n\n")).isFalse();
    runUntil(500);
    assertThat(timesMs).containsExactly(500L);
  }

  @Test
  void whatFindsNoPlaceIsCounted() {
    for (int i = 1; i <= 4; i++) {
      assertThat(add(request("INVITE", "b" + i))).isTrue();
    }
    assertThat(add(request("INVITE", "b5"))).isFalse();
    assertThat(counters.get(SipCounter.UNTRACKED_TRANSACTIONS)).isEqualTo(1);
    answer(response(100, "INVITE", "b2"));
    assertThat(add(request("INVITE", "b5"))).isTrue();
  }

  @Test
  void whatFindsNoMemoryIsCounted() {
    final ClientTransactions small =
        new ClientTransactions(SipTimers.DEFAULT, 10, 3 * 1024, counters);
    final String large = request("MESSAGE", "b1") + "x".repeat(1500);
    final UnsafeBuffer first = Text.direct(crlf(large));
    assertThat(small.add(1, first, 0, first.capacity(), 0)).isTrue();
    assertThat(small.usedBytes()).isEqualTo(2048);
    final UnsafeBuffer second = Text.direct(crlf(large.replace("b1", "b2")));
    assertThat(small.add(1, second, 0, second.capacity(), 0)).isFalse();
    assertThat(counters.get(SipCounter.UNTRACKED_TRANSACTIONS)).isEqualTo(1);
    final UnsafeBuffer third = Text.direct(crlf(request("MESSAGE", "b2")));
    assertThat(small.add(1, third, 0, third.capacity(), 0)).isTrue();
  }

  @Test
  void longMessagesComeAgainByteForByte() {
    final StringBuilder body = new StringBuilder();
    for (int i = 0; body.length() < 20_000; i++) {
      body.append(i).append('\u00e9');
    }
    final String text = request("MESSAGE", "b1") + body;
    add(text);
    answer(response(100, "MESSAGE", "b2"));
    add(request("MESSAGE", "b2") + "y".repeat(1024 - 200));
    runUntil(500);
    assertThat(texts).hasSize(2).contains(crlf(text));
  }

  @Test
  void onePollSendsSoMuchAndComesBackAtOnce() {
    final ClientTransactions many =
        new ClientTransactions(SipTimers.DEFAULT, 1000, 1024 * 1024, counters);
    final int count = ClientTransactions.MOST_PER_POLL + 10;
    for (int i = 0; i < count; i++) {
      final UnsafeBuffer buffer = Text.direct(crlf(request("MESSAGE", "b" + i)));
      many.add(i, buffer, 0, buffer.capacity(), nowNs);
    }
    nowNs += 500 * MS;
    assertThat(many.poll(nowNs, this::resend)).isEqualTo(nowNs);
    assertThat(texts).hasSize(ClientTransactions.MOST_PER_POLL);
    assertThat(many.poll(nowNs, this::resend)).isEqualTo(nowNs + 1000 * MS);
    assertThat(texts).doesNotHaveDuplicates().hasSize(count);
  }

  @Test
  void nothingUnderWayHasNoDeadline() {
    assertThat(transactions.poll(nowNs, this::resend)).isEqualTo(ClientTransactions.NO_DEADLINE);
    add(request("INVITE", "b1"));
    assertThat(transactions.poll(nowNs, this::resend)).isEqualTo(nowNs + 500 * MS);
    assertThat(transactions.poll(nowNs + END, this::resend))
        .isEqualTo(ClientTransactions.NO_DEADLINE);
  }
}
