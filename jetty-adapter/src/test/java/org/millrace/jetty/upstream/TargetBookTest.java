package org.millrace.jetty.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.millrace.engine.sip.CoreSocket;
import org.millrace.engine.sip.CoreTransport;
import org.millrace.engine.sip.SizeRule;
import org.millrace.engine.sip.Target;
import org.millrace.jetty.config.EdgeConfig;
import org.millrace.jetty.config.UpstreamConfig;
import org.millrace.jetty.upstream.FoundServer.Rank;

/** Targets made of what was found, and what stays of them when something else is found. */
class TargetBookTest {
  private final EdgeConfig config =
      Upstreams.config("[{ uri = \"sip:a.example\" }, { uri = \"sip:b.example\", priority = 5 }]");
  private final Map<String, CoreSocket> sockets =
      Map.of(
          "udp", new CoreSocket(1, CoreTransport.UDP, "192.0.2.100", 5060),
          "tcp", new CoreSocket(2, CoreTransport.TCP, "192.0.2.100", 5060));
  private final TargetBook book = new TargetBook(config.coreSockets(), sockets::get);
  private UpstreamConfig upstream =
      Upstreams.with(config.upstreams().get(0), SizeRule.Oversize.FRAGMENT);
  private UpstreamTargets now;

  /** The first argument is what the first configured target stands for, and so on. */
  private List<Target> update(List<?>... servers) {
    final List<TargetBook.Located> located =
        IntStream.range(0, servers.length)
            .mapToObj(
                i ->
                    new TargetBook.Located(
                        upstream.targets().get(i),
                        servers[i].stream().map(FoundServer.class::cast).toList()))
            .toList();
    now = book.update(Map.of(upstream, located));
    return now.groups().get("pbx");
  }

  private static FoundServer udp(String address, Rank rank, double share) {
    return new FoundServer(
        CoreTransport.UDP, new InetSocketAddress(address, 5060), "host.example", rank, share);
  }

  private static FoundServer tcp(String address) {
    return new FoundServer(
        CoreTransport.TCP, new InetSocketAddress(address, 5060), "host.example", Rank.FIRST, 1);
  }

  private static FoundServer udp(String address) {
    return udp(address, Rank.FIRST, 1);
  }

  @Test
  void shouldNameTargetsSoThatChoiceAndEyeCanTellThem() {
    assertThat(update(List.of(udp("192.0.2.1"), tcp("2001:db8::1"))))
        .extracting(Target::name)
        .containsExactlyInAnyOrder("pbx/udp:192.0.2.1:5060", "pbx/tcp:[2001:db8:0:0:0:0:0:1]:5060");
    assertThat(now.groups().get("pbx").get(0).hosts())
        .containsExactlyInAnyOrder("a.example", "host.example");
    assertThat(now.destinations()).extracting(Destination::domain).containsOnly("a.example");
  }

  @Test
  void shouldOrderByTheConfigurationFirstAndThenByDns() {
    final List<Target> targets =
        update(
            List.of(udp("192.0.2.1", new Rank(0, 0, 20), 1), udp("192.0.2.2")),
            List.of(udp("192.0.2.3")));
    assertThat(targets)
        .extracting(target -> target.address().getHostString() + " " + target.priority())
        .containsExactlyInAnyOrder("192.0.2.2 0", "192.0.2.1 1", "192.0.2.3 2");
  }

  @Test
  void shouldDivideTheWeightAmongTheServersOfAName() {
    assertThat(
            update(List.of(udp("192.0.2.1", Rank.FIRST, 0.25), udp("192.0.2.2", Rank.FIRST, 0.75))))
        .extracting(Target::weight)
        .containsExactly(1500, 4500);
  }

  @Test
  void shouldKeepTheInstanceOfWhatStays() {
    final List<Target> before = update(List.of(udp("192.0.2.1"), udp("192.0.2.2")));
    before.get(0).health(Target.Health.DOWN);
    final List<Target> after = update(List.of(udp("192.0.2.1"), udp("192.0.2.3")));
    assertThat(after.get(0)).isSameAs(before.get(0));
    assertThat(after.get(0).health()).isEqualTo(Target.Health.DOWN);
    assertThat(after.get(1).health()).isEqualTo(Target.Health.UP);
  }

  @Test
  void shouldKeepTheHealthOfWhatOnlyHasAnotherPlace() {
    update(List.of(udp("192.0.2.1"))).get(0).health(Target.Health.DRAINING);
    final Target after = update(List.of(udp("192.0.2.1", Rank.FIRST, 0.5))).get(0);
    assertThat(after.weight()).isEqualTo(3000);
    assertThat(after.health()).isEqualTo(Target.Health.DRAINING);
  }

  @Test
  void shouldGiveAUdpTargetATwinOverTcpForWhatIsTooLong() {
    upstream = Upstreams.with(upstream, SizeRule.Oversize.TCP);
    final Target target = update(List.of(udp("192.0.2.1"))).get(0);
    assertThat(target.twin().name()).isEqualTo("pbx/tcp:192.0.2.1:5060");
    assertThat(target.twin().socket()).isSameAs(sockets.get("tcp"));
    assertThat(now.groups().get("pbx")).containsExactly(target);
    assertThat(now.destinations())
        .extracting(Destination::target)
        .containsExactlyInAnyOrder(target, target.twin());
    assertThat(update(List.of(udp("192.0.2.1"))).get(0)).isSameAs(target);
  }

  @Test
  void shouldTakeATargetOverTcpThatIsThereForTheTwin() {
    upstream = Upstreams.with(upstream, SizeRule.Oversize.TCP);
    final List<Target> targets = update(List.of(udp("192.0.2.1"), tcp("192.0.2.1")));
    assertThat(targets).hasSize(2);
    assertThat(now.destinations()).hasSize(2);
    assertThat(targets.get(1).twin()).isSameAs(targets.get(0));
  }

  @Test
  void shouldHaveOneTargetForAnAddressThatIsNamedTwice() {
    assertThat(update(List.of(udp("192.0.2.1")), List.of(udp("192.0.2.1")))).hasSize(1);
  }

  @Test
  void shouldHaveNoTargetsWhereNothingWasFound() {
    assertThat(update(List.of(), Arrays.asList())).isEmpty();
  }
}
