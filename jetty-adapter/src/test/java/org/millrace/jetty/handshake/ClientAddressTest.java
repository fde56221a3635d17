package org.millrace.jetty.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.jetty.handshake.Refusals.assertRefused;

import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.jetty.config.Network;

/** The address of the client itself is believed from trusted proxies only. */
class ClientAddressTest extends HandshakeTest {
  private static final Network PROXIES = Network.parse("127.0.0.0/8");

  private InetSocketAddress clientOf(Requests request) {
    assertAccepted(answer(request), "sip");
    final AcceptedHandshake accepted = edge.accepted.remove();
    assertThat(((InetSocketAddress) accepted.transport()).getAddress().isLoopbackAddress())
        .isTrue();
    return (InetSocketAddress) accepted.client();
  }

  @Test
  void untrustedPeersAreNotBelieved() {
    final InetSocketAddress client =
        clientOf(Requests.base().plus("X-Forwarded-For: 192.0.2.1", "Forwarded: for=192.0.2.2"));
    assertThat(client.getAddress().isLoopbackAddress()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "X-Forwarded-For: 192.0.2.1 | 192.0.2.1",
        "X-Forwarded-For: 6.6.6.6, 192.0.2.1 | 192.0.2.1",
        "X-Forwarded-For: 6.6.6.6, 192.0.2.1, 10.0.0.7 | 192.0.2.1",
        "X-Forwarded-For: 10.0.0.8, 10.0.0.7 | 10.0.0.8",
        "X-Forwarded-For: 192.0.2.1:4711 | 192.0.2.1",
        "X-Forwarded-For: 2001:db8::5 | 2001:db8:0:0:0:0:0:5",
        "X-Forwarded-For: evil.test | 127.0.0.1",
        "X-Forwarded-For: 192.0.2.1, evil.test, 10.0.0.7 | 10.0.0.7",
        "Forwarded: for=192.0.2.1;proto=https, for=10.0.0.7 | 192.0.2.1",
        "Forwarded: proto=https;For=\"[2001:db8::5]:4711\" | 2001:db8:0:0:0:0:0:5",
        "Forwarded: for=6.6.6.6, for=\"a,for=7.7.7.7\" | 127.0.0.1",
        "Forwarded: for=unknown | 127.0.0.1",
        "Forwarded: for=_hidden | 127.0.0.1",
        "Forwarded: nonsense | 127.0.0.1",
        "X-Forwarded-For: 1.2.3.4.5 | 127.0.0.1",
        "X-Forwarded-For: 300.1.1.1 | 127.0.0.1"
      })
  void trustedPeersAreBelievedUpToTheFirstThatIsNot(String line, String expected) {
    config.trustedProxies = List.of(PROXIES, Network.parse("10.0.0.0/8"));
    assertThat(clientOf(Requests.base().plus(line)).getAddress().getHostAddress())
        .isEqualTo(expected);
  }

  @Test
  void forwardedWinsOverItsForerunner() {
    config.trustedProxies = List.of(PROXIES);
    assertThat(
            clientOf(Requests.base().plus("X-Forwarded-For: 6.6.6.6", "Forwarded: for=192.0.2.2"))
                .getHostString())
        .isEqualTo("192.0.2.2");
  }

  @Test
  void proxyHeaderOfATrustedPeer() {
    config.proxyProtocol = true;
    config.trustedProxies = List.of(PROXIES);
    final String header = "PROXY TCP4 192.0.2.7 198.51.100.1 4711 443\r\n";
    try (RawClient client = connect()) {
      assertAccepted(client.send(header + Requests.base().text()).answer(), "sip");
    }
    final AcceptedHandshake accepted = edge.accepted.remove();
    assertThat(accepted.client()).isEqualTo(new InetSocketAddress("192.0.2.7", 4711));
    assertThat(((InetSocketAddress) accepted.transport()).getAddress().isLoopbackAddress())
        .isTrue();
  }

  @Test
  void refusalBehindAProxyHeaderIsNotLost() {
    config.proxyProtocol = true;
    config.trustedProxies = List.of(PROXIES);
    final String header = "PROXY TCP4 192.0.2.7 198.51.100.1 4711 443\r\n";
    assertRefused(answer(header + "GET /ws\r\n\r\n"), 400);
    assertRefused(answer(header + Requests.base().line("GET /nope HTTP/1.1").text()), 404);
    await(() -> edge.limits.connections() == 0);
  }

  @Test
  void proxyHeaderOfAnyoneElseIsAnError() {
    config.proxyProtocol = true;
    config.trustedProxies = List.of(Network.parse("10.0.0.0/8"));
    final String header = "PROXY TCP4 192.0.2.7 198.51.100.1 4711 443\r\n";
    assertRefused(answer(header + Requests.base().text()), 400);
    assertAccepted(answer(Requests.base()), "sip");
  }
}
