package org.millrace.engine.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.sip.SipClient.crlf;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Whatever happens, transactions do as a plain list of them does that looks at every tick. */
class ClientTransactionsPropertyTest {
  private static final int MOST = 24;
  private static final int MOST_BYTES = 30 * 1024;
  private static final List<String> METHODS = List.of("INVITE", "CANCEL", "MESSAGE", "ACK", "FOO");
  private static final SipTimers TIMERS = new SipTimers(5, 40);

  /** One transaction of the model. Time is in ticks of one nanosecond. */
  private static final class Model {
    private final String branch;
    private final String method;
    private final String text;
    private final long end;
    private long interval = TIMERS.t1Ns();
    private long due;

    Model(String branch, String method, String text, long now) {
      this.branch = branch;
      this.method = method;
      this.text = text;
      end = now + 64 * TIMERS.t1Ns();
      due = now + TIMERS.t1Ns();
    }

    boolean is(String otherBranch, String otherMethod) {
      return branch.equals(otherBranch) && method.equals(otherMethod);
    }

    long blocks() {
      return (text.length() + 1023L) / 1024;
    }
  }

  private final List<Model> model = new ArrayList<>();
  private final List<String> expected = new ArrayList<>();
  private final List<String> sent = new ArrayList<>();
  private final ClientTransactions transactions =
      new ClientTransactions(TIMERS, MOST, MOST_BYTES, new SipCounters());
  private long now;

  private void resend(long destination, DirectBuffer buffer, int offset, int length) {
    sent.add(now + " " + Text.of(buffer, offset, length));
  }

  private void add(String branch, String method, int bodyLength) {
    final String text =
        crlf(
            Text.request(method, "sip:b@x", "c", "").replace("branch=z9hG4bK1", "branch=" + branch)
                + "b".repeat(bodyLength));
    final Model added = new Model(branch, method, text, now);
    final long blocks = model.stream().mapToLong(Model::blocks).sum() + added.blocks();
    final boolean fits =
        !"ACK".equals(method)
            && model.size() < MOST
            && blocks <= MOST_BYTES / 1024
            && model.stream().noneMatch(one -> one.is(branch, method));
    if (fits) {
      model.add(added);
    }
    final UnsafeBuffer buffer = Text.direct(text);
    assertThat(transactions.add(0, buffer, 0, buffer.capacity(), now)).isEqualTo(fits);
  }

  private void answer(String branch, String method, int status) {
    boolean known = false;
    for (final Model one : List.copyOf(model)) {
      if (one.is(branch, method)) {
        known = true;
        if (status >= 200 || "INVITE".equals(method)) {
          model.remove(one);
        } else {
          one.interval = TIMERS.t2Ns();
        }
      }
    }
    final String text =
        "SIP/2.0 " + status + " x\nVia: SIP/2.0/UDP a;branch=" + branch + "\nTo: <sip:b@x>;tag=2\n";
    final UnsafeBuffer buffer =
        Text.direct(crlf(text + "From: <sip:a@x>;tag=1\nCall-ID: c\nCSeq: 1 " + method + "\n\n"));
    assertThat(transactions.onResponse(buffer, 0, buffer.capacity())).isEqualTo(known);
  }

  private void tick() {
    now++;
    for (final Model one : List.copyOf(model)) {
      if (one.end == now) {
        model.remove(one);
      } else if (one.due == now) {
        expected.add(now + " " + one.text);
        one.interval *= 2;
        if (!"INVITE".equals(one.method)) {
          one.interval = Math.min(one.interval, TIMERS.t2Ns());
        }
        one.due = now + one.interval;
      }
    }
    final long next = transactions.poll(now, this::resend);
    assertThat(next)
        .isEqualTo(
            model.stream()
                .mapToLong(one -> Math.min(one.due, one.end))
                .min()
                .orElse(ClientTransactions.NO_DEADLINE));
  }

  @Property(tries = 40)
  void asThePlainListDoes(@ForAll long seed) {
    final Random random = new Random(seed);
    for (int i = 0; i < 400; i++) {
      final String branch = "b" + random.nextInt(16);
      final String method = METHODS.get(random.nextInt(METHODS.size()));
      switch (random.nextInt(4)) {
        case 0 -> add(branch, method, random.nextInt(4) == 0 ? 3000 : random.nextInt(900));
        case 1 -> answer(branch, method, 100 + 100 * random.nextInt(3));
        default -> {
          for (int ticks = random.nextInt(12); ticks >= 0; ticks--) {
            tick();
          }
        }
      }
      assertThat(transactions.active()).isEqualTo(model.size());
      assertThat(transactions.usedBytes())
          .isEqualTo(1024 * model.stream().mapToLong(Model::blocks).sum());
    }
    assertThat(sent).containsExactlyInAnyOrderElementsOf(expected);
  }
}
