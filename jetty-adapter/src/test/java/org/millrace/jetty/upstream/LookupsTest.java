package org.millrace.jetty.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.sip.CoreSocket;
import org.millrace.engine.sip.CoreTransport;
import org.millrace.engine.sip.Target;
import org.millrace.jetty.config.EdgeConfig;
import org.xbill.DNS.Rcode;

/** C-71 over time: TTL, fail-over, stale answers; asked for is what is configured and no more. */
class LookupsTest {
  private static final CoreSocket UDP = new CoreSocket(1, CoreTransport.UDP, "192.0.2.100", 5060);
  private static final CoreSocket TCP = new CoreSocket(2, CoreTransport.TCP, "192.0.2.100", 5060);

  private final List<UpstreamTargets> published = new ArrayList<>();
  private DnsServer dns;
  private long nowNs = Long.MAX_VALUE - 1_000_000_000L; // a clock may run over
  private Lookups lookups;
  private int failures;

  @BeforeEach
  void start() throws IOException {
    dns = DnsServer.start();
  }

  @AfterEach
  void stop() {
    dns.close();
  }

  private void begin(String targets) {
    final EdgeConfig config = Upstreams.config(targets);
    final ServerLocator locator =
        new ServerLocator(
            new DnsCache(
                new DnsClient(List.of(dns.address()), Duration.ofSeconds(5)),
                Duration.ofSeconds(5),
                Duration.ofHours(1)),
            ServerLocator.Hosts.NONE,
            (socket, ipv6) -> !ipv6,
            () -> nowNs);
    lookups =
        new Lookups(
            config.upstreams(),
            locator,
            new TargetBook(config.coreSockets(), name -> name.equals("udp") ? UDP : TCP),
            this::published,
            () -> nowNs,
            Duration.ofSeconds(5));
    lookups.begin();
  }

  private void published(UpstreamTargets targets) {
    if (failures > 0) {
      failures--;
      throw new IllegalStateException("a certificate cannot be read");
    }
    published.add(targets);
  }

  private void pass(long seconds) {
    nowNs += Duration.ofSeconds(seconds).toNanos();
  }

  private List<String> targets() {
    return published.get(published.size() - 1).groups().get("pbx").stream()
        .map(Target::name)
        .sorted()
        .toList();
  }

  @Test
  void shouldPublishAddressesAtOnceAndNamesWhenTheyAreKnown() {
    dns.has("b.example. 60 A 192.0.2.2");
    begin("[\"sip:192.0.2.1\", \"sip:b.example:5060\"]");
    assertThat(targets()).containsExactly("pbx/udp:192.0.2.1:5060");
    assertThat(dns.asked()).isEmpty();
    assertThat(lookups.allTried()).isFalse();
    assertThat(lookups.poll()).isEqualTo(Duration.ofSeconds(60).toNanos());
    assertThat(targets()).containsExactly("pbx/udp:192.0.2.1:5060", "pbx/udp:192.0.2.2:5060");
    assertThat(lookups.allTried()).isTrue();
    assertThat(dns.asked()).containsExactly("b.example. A");
  }

  @Test
  void shouldNeverAskWhereThereAreOnlyAddresses() {
    begin("[\"sip:192.0.2.1\"]");
    assertThat(lookups.poll()).isEqualTo(Lookups.NEVER);
    assertThat(dns.asked()).isEmpty();
  }

  @Test
  void shouldTellAgainWhatTheListenerHasFailedOn() {
    dns.has("b.example. 60 A 192.0.2.2");
    begin("[\"sip:b.example:5060\"]");
    failures = 1;
    assertThatThrownBy(lookups::poll).isInstanceOf(IllegalStateException.class);
    assertThat(lookups.poll()).isEqualTo(Duration.ofSeconds(5).toNanos());
    assertThat(targets()).isEmpty();
    pass(5);
    assertThat(lookups.poll()).isEqualTo(Duration.ofSeconds(55).toNanos());
    assertThat(targets()).containsExactly("pbx/udp:192.0.2.2:5060");
    assertThat(dns.asked()).containsExactly("b.example. A");
  }

  @Test
  void shouldAskAgainWhenTheTtlIsOverAndTellOfChangesOnly() {
    dns.has("b.example. 60 A 192.0.2.2").has("b.example. 60 A 192.0.2.3");
    begin("[\"sip:b.example:5060\"]");
    lookups.poll();
    final int before = published.size();
    pass(59);
    lookups.poll();
    assertThat(dns.asked()).containsExactly("b.example. A");
    pass(1);
    dns.forget().has("b.example. 60 A 192.0.2.3").has("b.example. 60 A 192.0.2.2");
    lookups.poll();
    assertThat(dns.asked()).containsExactly("b.example. A");
    assertThat(published).as("turned round is the same").hasSize(before);
    pass(60);
    dns.forget().has("b.example. 60 A 192.0.2.4");
    lookups.poll();
    assertThat(targets()).containsExactly("pbx/udp:192.0.2.4:5060");
  }

  @Test
  void shouldKeepWhatIsKnownWhileNobodyAnswers() {
    dns.has("b.example. 60 A 192.0.2.2");
    begin("[\"sip:b.example:5060\"]");
    lookups.poll();
    dns.rcode(Rcode.SERVFAIL);
    pass(60);
    assertThat(lookups.poll()).isEqualTo(Duration.ofSeconds(5).toNanos());
    assertThat(targets()).containsExactly("pbx/udp:192.0.2.2:5060");
    dns.rcode(Rcode.NOERROR);
    dns.forget().has("b.example. 60 A 192.0.2.9");
    pass(5);
    lookups.poll();
    assertThat(targets()).containsExactly("pbx/udp:192.0.2.9:5060");
  }

  @Test
  void shouldTryAgainWhatNobodyHasEverAnswered() {
    dns.rcode(Rcode.SERVFAIL);
    begin("[\"sip:b.example:5060\"]");
    assertThat(lookups.poll()).isEqualTo(Duration.ofSeconds(5).toNanos());
    assertThat(targets()).isEmpty();
    assertThat(lookups.allTried()).isTrue();
    dns.rcode(Rcode.NOERROR);
    dns.has("b.example. 60 A 192.0.2.2");
    lookups.poll();
    assertThat(targets()).as("not yet").isEmpty();
    pass(5);
    lookups.poll();
    assertThat(targets()).containsExactly("pbx/udp:192.0.2.2:5060");
  }

  @Test
  void shouldBelieveThatANameIsGone() {
    dns.has("b.example. 60 A 192.0.2.2");
    begin("[\"sip:b.example:5060\"]");
    lookups.poll();
    dns.forget();
    pass(60);
    assertThat(lookups.poll())
        .as("what is not there has a TTL, too")
        .isEqualTo(Duration.ofSeconds(60).toNanos());
    assertThat(targets()).isEmpty();
  }

  @Test
  void shouldHaveAllServersOfOneLookUpToFailOverTo() {
    dns.has("_sip._tcp.b.example. 300 SRV 1 0 5060 x.example.")
        .has("_sip._tcp.b.example. 300 SRV 2 0 5060 y.example.")
        .has("x.example. 300 A 192.0.2.1")
        .has("x.example. 300 A 192.0.2.2")
        .has("y.example. 300 A 192.0.2.3");
    begin("[\"sip:b.example;transport=tcp\"]");
    lookups.poll();
    assertThat(published.get(published.size() - 1).groups().get("pbx"))
        .extracting(it -> it.address().getAddress().getHostAddress() + " " + it.priority())
        .containsExactlyInAnyOrder("192.0.2.1 0", "192.0.2.2 0", "192.0.2.3 1");
  }
}
