package org.millrace.jetty.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.jetty.handshake.Refusals.assertRefused;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.millrace.jetty.config.Network;

/** Steps 6 and 7 of the table, and that every place is given back exactly once. */
class LimitsOverSocketsTest extends HandshakeTest {
  private final AtomicLong now = new AtomicLong();
  private final List<RawClient> open = new ArrayList<>();

  private RawClient accepted() {
    final RawClient client = connect();
    open.add(client);
    assertAccepted(client.send(Requests.base().text()).answer(), "sip");
    return client;
  }

  private void closeAll() {
    open.forEach(RawClient::close);
    open.clear();
  }

  @Test
  void tooManyConnectionsGet503() {
    config.connections = 3;
    for (int i = 0; i < 3; i++) {
      accepted();
    }
    final RawClient.Answer answer = answer(Requests.base());
    assertRefused(answer, 503);
    assertThat(answer.values("retry-after")).containsExactly("7");
    await(() -> edge.limits.connections() == 3);
    closeAll();
    await(() -> edge.limits.connections() == 0);
    accepted();
    closeAll();
  }

  @Test
  void farTooManyConnectionsAreClosedAtOnce() {
    config.connections = 1;
    accepted();
    for (int i = 0; i < 16; i++) {
      open.add(connect());
    }
    await(() -> edge.limits.connections() == 17);
    try (RawClient client = connect()) {
      assertThat(client.read()).isEqualTo(-1);
    }
    assertThat(edge.counters.failedHandshakes(RefusalReason.CONNECTIONS)).isEqualTo(1);
    closeAll();
    await(() -> edge.limits.connections() == 0);
  }

  @Test
  void tooManyConnectionsOfAnAddressGet429() {
    config.connectionsPerAddress = 2;
    accepted();
    accepted();
    assertRefused(answer(Requests.base()), 429);
    closeAll();
    await(() -> edge.limits.connections() == 0);
    accepted();
    closeAll();
  }

  @Test
  void behindATrustedProxyTheClientIsCounted() {
    config.connectionsPerAddress = 1;
    config.trustedProxies = List.of(Network.parse("127.0.0.0/8"));
    final Requests one = Requests.base().plus("X-Forwarded-For: 192.0.2.1");
    try (RawClient first = connect();
        RawClient other = connect()) {
      assertAccepted(first.send(one.text()).answer(), "sip");
      assertAccepted(
          other.send(Requests.base().plus("X-Forwarded-For: 192.0.2.2").text()).answer(), "sip");
      assertRefused(answer(one), 429);
    }
    await(() -> edge.limits.connections() == 0);
    assertAccepted(answer(one), "sip");
  }

  @Test
  void handshakeRateOfAll() {
    config.clock = now::get;
    config.rate = 2;
    config.burst = 2;
    assertAccepted(answer(Requests.base()), "sip");
    assertAccepted(answer(Requests.base()), "sip");
    assertRefused(answer(Requests.base()), 503);
    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(500));
    assertAccepted(answer(Requests.base()), "sip");
    assertRefused(answer(Requests.base()), 503);
  }

  @Test
  void handshakeRateOfAnAddress() {
    config.clock = now::get;
    config.ratePerAddress = 1;
    config.burstPerAddress = 1;
    assertAccepted(answer(Requests.base()), "sip");
    assertRefused(answer(Requests.base()), 429);
    now.addAndGet(TimeUnit.SECONDS.toNanos(1));
    assertAccepted(answer(Requests.base()), "sip");
  }

  @Test
  void placesComeBackWhateverHappens() {
    start();
    for (int i = 0; i < 20; i++) {
      connect().close();
      connect().send("GET /ws HT").close();
      answer(Requests.base().line("GET /nope HTTP/1.1"));
      answer("nonsense\r\n\r\n");
      accepted().close();
    }
    await(() -> edge.limits.connections() == 0);
    assertThat(edge.counters.successfulHandshakes()).isEqualTo(20);
    assertThat(edge.counters.failedHandshakes(RefusalReason.PATH)).isEqualTo(20);
  }
}
