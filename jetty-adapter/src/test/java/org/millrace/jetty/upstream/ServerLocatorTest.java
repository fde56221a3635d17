package org.millrace.jetty.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.sip.CoreTransport;
import org.millrace.jetty.config.UpstreamConfig.TargetConfig;
import org.xbill.DNS.Type;

/** C-71, B-14: what a target stands for, and what is asked to find that out. */
class ServerLocatorTest {
  private DnsServer dns;
  private ServerLocator locator;
  private boolean ipv6;

  @BeforeEach
  void start() throws IOException {
    dns = DnsServer.start();
    final DnsClient client = new DnsClient(List.of(dns.address()), Duration.ofSeconds(5));
    locator =
        new ServerLocator(
            new DnsCache(client, Duration.ofSeconds(5), Duration.ofHours(1)),
            ServerLocator.Hosts.NONE,
            (socket, six) -> !six || ipv6,
            () -> 0);
  }

  @AfterEach
  void stop() {
    dns.close();
  }

  private static TargetConfig target(
      String host, int port, boolean secure, CoreTransport transport, CoreTransport... possible) {
    final Map<CoreTransport, String> sockets =
        Arrays.stream(possible)
            .collect(Collectors.toMap(it -> it, it -> it.name(), (a, b) -> a, LinkedHashMap::new));
    return new TargetConfig(
        host,
        port < 0 ? OptionalInt.empty() : OptionalInt.of(port),
        secure,
        Optional.ofNullable(transport),
        sockets,
        0,
        100);
  }

  private static TargetConfig any(String host) {
    return target(host, -1, false, null, CoreTransport.UDP, CoreTransport.TCP, CoreTransport.TLS);
  }

  /** Transport, address, rank and share of each. */
  private List<String> servers(TargetConfig target) throws IOException {
    final List<String> texts = new ArrayList<>();
    for (final FoundServer server : locator.locate(target).servers()) {
      texts.add(
          server.transport()
              + " "
              + server.address().getAddress().getHostAddress()
              + ":"
              + server.address().getPort()
              + " "
              + server.rank().order()
              + "/"
              + server.rank().preference()
              + "/"
              + server.rank().priority()
              + " "
              + server.share());
    }
    return texts;
  }

  @Test
  void shouldAskNothingAboutAnAddress() throws IOException {
    assertThat(servers(target("192.0.2.1", -1, false, CoreTransport.TCP, CoreTransport.TCP)))
        .containsExactly("TCP 192.0.2.1:5060 0/0/0 1.0");
    assertThat(servers(target("2001:db8::1", 99, true, CoreTransport.TLS, CoreTransport.TLS)))
        .containsExactly("TLS 2001:db8:0:0:0:0:0:1:99 0/0/0 1.0");
    assertThat(dns.asked()).isEmpty();
  }

  @Test
  void shouldAskForAddressesAloneWhenThereIsAPort() throws IOException {
    ipv6 = true;
    dns.has("pbx.example. 300 A 192.0.2.1").has("pbx.example. 300 AAAA 2001:db8::1");
    assertThat(servers(target("pbx.example", 5070, false, CoreTransport.UDP, CoreTransport.UDP)))
        .containsExactlyInAnyOrder(
            "UDP 192.0.2.1:5070 0/0/0 0.5", "UDP 2001:db8:0:0:0:0:0:1:5070 0/0/0 0.5");
    assertThat(dns.asked()).containsExactly("pbx.example. A", "pbx.example. AAAA");
  }

  @Test
  void shouldAskOnlyForAddressesThatTheSocketCanSendTo() throws IOException {
    servers(target("pbx.example", 5070, false, CoreTransport.UDP, CoreTransport.UDP));
    assertThat(dns.asked()).containsExactly("pbx.example. A");
  }

  @Test
  void shouldAskForServicesOfTheTransportThatIsNamed() throws IOException {
    dns.has("_sip._tcp.pbx.example. 300 SRV 10 30 5070 a.example.")
        .has("_sip._tcp.pbx.example. 300 SRV 10 10 5071 b.example.")
        .has("_sip._tcp.pbx.example. 300 SRV 20 0 5072 b.example.")
        .has("a.example. 300 A 192.0.2.1")
        .has("b.example. 300 A 192.0.2.2");
    assertThat(servers(target("pbx.example", -1, false, CoreTransport.TCP, CoreTransport.TCP)))
        .containsExactly(
            "TCP 192.0.2.1:5070 0/0/10 0.75",
            "TCP 192.0.2.2:5071 0/0/10 0.25",
            "TCP 192.0.2.2:5072 0/0/20 1.0");
    assertThat(dns.asked())
        .containsExactly("_sip._tcp.pbx.example. SRV", "a.example. A", "b.example. A");
  }

  @Test
  void shouldUseTheDefaultPortWhenThereAreNoServices() throws IOException {
    dns.has("pbx.example. 300 A 192.0.2.1");
    assertThat(servers(target("pbx.example", -1, true, CoreTransport.TLS, CoreTransport.TLS)))
        .containsExactly("TLS 192.0.2.1:5061 0/0/0 1.0");
    assertThat(dns.asked()).containsExactly("_sips._tcp.pbx.example. SRV", "pbx.example. A");
  }

  @Test
  void shouldFollowNaptrThenSrvThenAddresses() throws IOException {
    dns.has("pbx.example. 300 NAPTR 20 0 \"s\" \"SIP+D2U\" \"\" udp.pbx.example.")
        .has("pbx.example. 300 NAPTR 10 5 \"S\" \"sip+d2t\" \"\" tcp.pbx.example.")
        .has("pbx.example. 300 NAPTR 1 0 \"s\" \"SIP+D2W\" \"\" ws.pbx.example.")
        .has("pbx.example. 300 NAPTR 2 0 \"u\" \"E2U+sip\" \"!x!y!\" .")
        .has("udp.pbx.example. 300 SRV 1 1 5060 a.example.")
        .has("tcp.pbx.example. 300 SRV 7 1 5080 a.example.")
        .has("a.example. 300 A 192.0.2.1");
    assertThat(servers(any("pbx.example")))
        .containsExactly("TCP 192.0.2.1:5080 10/5/7 1.0", "UDP 192.0.2.1:5060 20/0/1 1.0");
    assertThat(dns.asked())
        .containsExactly(
            "pbx.example. NAPTR", "tcp.pbx.example. SRV", "a.example. A", "udp.pbx.example. SRV");
  }

  @Test
  void shouldFindServersOfWebSocketByNaptrOnly() throws IOException {
    final TargetConfig target =
        target("pbx.example", -1, false, CoreTransport.WS, CoreTransport.WS);
    dns.has("pbx.example. 300 NAPTR 1 0 \"s\" \"SIP+D2W\" \"\" _sip._ws.pbx.example.")
        .has("pbx.example. 300 NAPTR 0 0 \"s\" \"SIP+D2U\" \"\" _sip._udp.pbx.example.")
        .has("_sip._ws.pbx.example. 300 SRV 1 1 8080 a.example.")
        .has("a.example. 300 A 192.0.2.1");
    assertThat(servers(target)).containsExactly("WS 192.0.2.1:8080 1/0/1 1.0");
    assertThat(dns.asked())
        .containsExactly("pbx.example. NAPTR", "_sip._ws.pbx.example. SRV", "a.example. A");
  }

  @Test
  void shouldUseTheDefaultPortOfWebSocketWithoutNaptr() throws IOException {
    dns.has("pbx.example. 300 A 192.0.2.1");
    assertThat(servers(target("pbx.example", -1, true, CoreTransport.WSS, CoreTransport.WSS)))
        .containsExactly("WSS 192.0.2.1:443 0/0/0 1.0");
    assertThat(dns.asked()).containsExactly("pbx.example. NAPTR", "pbx.example. A");
  }

  @Test
  void shouldTryTheServicesOfAllTransportsWithoutNaptr() throws IOException {
    dns.has("_sip._tcp.pbx.example. 300 SRV 1 0 5080 a.example.").has("a.example. 300 A 192.0.2.1");
    assertThat(servers(any("pbx.example"))).containsExactly("TCP 192.0.2.1:5080 1/0/1 1.0");
    assertThat(dns.asked())
        .containsExactly(
            "pbx.example. NAPTR",
            "_sip._udp.pbx.example. SRV",
            "_sip._tcp.pbx.example. SRV",
            "a.example. A");
  }

  @Test
  void shouldUseUdpWhenDnsKnowsAddressesOnly() throws IOException {
    dns.has("pbx.example. 300 A 192.0.2.1").has("pbx.example. 300 A 192.0.2.2");
    assertThat(servers(any("pbx.example")))
        .containsExactly("UDP 192.0.2.1:5060 0/0/0 0.5", "UDP 192.0.2.2:5060 0/0/0 0.5");
  }

  @Test
  void shouldKeepToTlsForSips() throws IOException {
    final TargetConfig target = target("pbx.example", -1, true, null, CoreTransport.TLS);
    dns.has("pbx.example. 300 NAPTR 1 0 \"s\" \"SIP+D2T\" \"\" _sip._tcp.pbx.example.")
        .has("pbx.example. 300 A 192.0.2.1");
    assertThat(servers(target)).containsExactly("TLS 192.0.2.1:5061 0/0/0 1.0");
    assertThat(dns.asked())
        .containsExactly("pbx.example. NAPTR", "_sips._tcp.pbx.example. SRV", "pbx.example. A");
  }

  @Test
  void shouldTakeARootTargetForNoService() throws IOException {
    dns.has("_sip._tcp.pbx.example. 300 SRV 0 0 0 .").has("pbx.example. 300 A 192.0.2.1");
    assertThat(servers(target("pbx.example", -1, false, CoreTransport.TCP, CoreTransport.TCP)))
        .containsExactly("TCP 192.0.2.1:5060 0/0/0 1.0");
  }

  @Test
  void shouldExpireWithTheFirstOfItsAnswers() throws IOException {
    dns.has("_sip._tcp.pbx.example. 300 SRV 0 0 5060 a.example.").has("a.example. 30 A 192.0.2.1");
    assertThat(
            locator
                .locate(target("pbx.example", -1, false, CoreTransport.TCP, CoreTransport.TCP))
                .expiresNs())
        .isEqualTo(Duration.ofSeconds(30).toNanos());
  }

  @Test
  void shouldLookIntoTheTableOfTheMachineFirst() throws IOException {
    final InetAddress known = InetAddress.getByName("192.0.2.9");
    final ServerLocator here =
        new ServerLocator(
            new DnsCache(
                new DnsClient(List.of(dns.address()), Duration.ofSeconds(5)),
                Duration.ofSeconds(5),
                Duration.ofHours(1)),
            (name, type) -> type == Type.A ? Optional.of(known) : Optional.empty(),
            (socket, six) -> !six,
            () -> 0);
    final ServerLocator.Found found =
        here.locate(target("pbx", 5060, false, CoreTransport.UDP, CoreTransport.UDP));
    assertThat(found.servers())
        .extracting(server -> server.address().getAddress())
        .containsExactly(known);
    assertThat(found.expiresNs()).isEqualTo(Duration.ofMinutes(1).toNanos());
    assertThat(dns.asked()).isEmpty();
  }
}
