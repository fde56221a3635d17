package org.millrace.jetty.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.jetty.upstream.TestCertificate.dns;
import static org.millrace.jetty.upstream.TestCertificate.uri;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.engine.connection.SendResult;
import org.millrace.engine.sip.CoreTransport;
import org.millrace.engine.sip.Target;
import org.millrace.jetty.config.Network;
import org.millrace.jetty.config.UpstreamConfig;
import org.millrace.jetty.config.UpstreamConfig.UpstreamTlsConfig;

/** Connections over TLS, made and accepted: C-72, A-24. */
class TlsTransportTest {
  private static final String OPTIONS =
      "OPTIONS sip:edge SIP/2.0\r\nCall-ID: a\r\nContent-Length: 0\r\n\r\n";
  private static final String DOMAIN = "pbx.example.com";

  @TempDir private Path directory;

  private TestCertificate ours;
  private TestCertificate theirs;
  private CoreRig rig;
  private SSLServerSocket core;

  @BeforeEach
  void start() throws Exception {
    ours = TestCertificate.of(directory, "edge", dns("edge.example.com"));
    theirs = TestCertificate.of(directory, "pbx", dns(DOMAIN), uri("sip:example.com"));
    rig =
        new CoreRig(
            CoreRig.socket("tls", 3, CoreTransport.TLS, Optional.of(ours.listener())),
            CoreRig.socket("wss", 6, CoreTransport.WSS));
    core =
        (SSLServerSocket)
            theirs
                .context(ours)
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    core.setSoTimeout(10_000);
  }

  @AfterEach
  void stop() throws IOException {
    rig.close();
    core.close();
  }

  private UpstreamConfig upstream(boolean certificate, boolean check, Path trusted) {
    return CoreRig.upstream(
        1,
        Duration.ofSeconds(10),
        CoreRig.WS,
        new UpstreamTlsConfig(
            certificate ? Optional.of(ours.config()) : Optional.empty(),
            Optional.of(trusted),
            check,
            List.of(),
            List.of()));
  }

  private Target target(UpstreamConfig upstream, String domain) throws IOException {
    return rig.target("tls", (InetSocketAddress) core.getLocalSocketAddress(), upstream, domain);
  }

  private void expectOptions(Target target) throws Exception {
    assertThat(rig.send(target, OPTIONS)).isEqualTo(SendResult.SENT);
    try (StreamPeer peer = new StreamPeer(core.accept())) {
      assertThat(peer.readHead()).isEqualTo(OPTIONS);
      final ExtendedSSLSession session =
          (ExtendedSSLSession) ((SSLSocket) peer.socket()).getSession();
      assertThat(session.getProtocol()).isEqualTo("TLSv1.3");
      if (!Network.isWrittenAsAddress(DOMAIN)) {
        assertThat(session.getRequestedServerNames()).containsExactly(new SNIHostName(DOMAIN));
      }
    }
  }

  @Test
  void aMessageLeavesOverTlsToTheDomainWithItsNameIndicated() throws Exception {
    expectOptions(target(upstream(false, true, theirs.chain()), DOMAIN));
  }

  @Test
  void whatTheServerSendsRightAwayIsReceived() throws Exception {
    target(upstream(false, true, theirs.chain()), DOMAIN);
    try (StreamPeer peer = new StreamPeer(core.accept())) {
      peer.send(OPTIONS);
      assertThat(rig.awaitReceived().text()).isEqualTo(OPTIONS);
    }
  }

  @Test
  void ourCertificateIsShownWhenAskedFor() throws Exception {
    core.setNeedClientAuth(true);
    final Target target = target(upstream(true, true, theirs.chain()), DOMAIN);
    assertThat(rig.send(target, OPTIONS)).isEqualTo(SendResult.SENT);
    try (StreamPeer peer = new StreamPeer(core.accept())) {
      assertThat(peer.readHead()).isEqualTo(OPTIONS);
      assertThat(((SSLSocket) peer.socket()).getSession().getPeerCertificates())
          .containsExactly(ours.certificate());
    }
  }

  @Test
  void theCertificateOfAnotherDomainIsRefusedBeforeAnythingIsSent() throws Exception {
    final Target target = target(upstream(false, true, theirs.chain()), "evil.example");
    expectRefusal(target);
  }

  @Test
  void theSubjectOfACertificateIsNoDomain() throws Exception {
    expectRefusal(target(upstream(false, true, theirs.chain()), "pbx"));
  }

  @Test
  void aCertificateOfNobodyTrustedIsRefused() throws Exception {
    expectRefusal(target(upstream(false, true, ours.chain()), DOMAIN));
  }

  @Test
  void aCertificateOfNobodyTrustedIsRefusedEvenIfTheDomainIsNotChecked() throws Exception {
    expectRefusal(target(upstream(false, false, ours.chain()), DOMAIN));
  }

  private void expectRefusal(Target target) throws Exception {
    assertThat(rig.send(target, OPTIONS)).isEqualTo(SendResult.SENT);
    try (StreamPeer peer = new StreamPeer(core.accept())) {
      assertThat(rest(peer)).isEmpty();
    }
    assertThat(rig.awaitUnsent()).isEqualTo(OPTIONS);
    rig.await(target, Target.Health.DOWN);
    assertThat(rig.count(CoreCounter.STREAM_CONNECTED)).isZero();
  }

  private static String rest(StreamPeer peer) {
    try {
      return peer.read(1);
    } catch (IOException e) {
      return "";
    }
  }

  @Test
  void anotherDomainIsGoodEnoughIfItIsNotChecked() throws Exception {
    final Target target = target(upstream(false, false, theirs.chain()), DOMAIN);
    expectOptions(target);
  }

  @Test
  void aServerThatStopsInTheMidstOfTheHandshakeIsTriedAgain() throws Exception {
    final Target target = target(upstream(false, true, theirs.chain()), DOMAIN);
    core.accept().close();
    try (StreamPeer peer = new StreamPeer(core.accept())) {
      ((SSLSocket) peer.socket()).startHandshake();
      rig.await(CoreCounter.STREAM_CONNECTED, 1);
      assertThat(rig.send(target, OPTIONS)).isEqualTo(SendResult.SENT);
      assertThat(peer.readHead()).isEqualTo(OPTIONS);
    }
    assertThat(rig.count(CoreCounter.STREAM_CONNECT_FAILED)).isEqualTo(1);
  }

  @Test
  void theCoreMayConnectOverTls() throws Exception {
    rig.trust("127.0.0.1");
    final SSLSocket socket =
        (SSLSocket)
            theirs
                .context(ours)
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), rig.address("tls").getPort());
    try (StreamPeer peer = new StreamPeer(socket)) {
      peer.send(OPTIONS);
      final CoreRig.Received request = rig.awaitReceived();
      assertThat(request.text()).isEqualTo(OPTIONS);
      assertThat(rig.reply(request.hop(), "SIP/2.0 200 OK\r\n\r\n")).isEqualTo(SendResult.SENT);
      assertThat(peer.readHead()).isEqualTo("SIP/2.0 200 OK\r\n\r\n");
    }
  }

  private Target wss(String domain) throws IOException {
    return rig.target(
        "wss",
        (InetSocketAddress) core.getLocalSocketAddress(),
        upstream(false, true, theirs.chain()),
        domain);
  }

  @Test
  void webSocketGoesOverTlsToo() throws Exception {
    final Target target = wss(DOMAIN);
    assertThat(rig.send(target, OPTIONS)).isEqualTo(SendResult.SENT);
    try (StreamPeer peer = new StreamPeer(core.accept())) {
      assertThat(peer.upgrade()).contains("\r\nHost: " + DOMAIN + ":" + core.getLocalPort());
      assertThat(peer.readFrame()).isEqualTo(OPTIONS);
    }
  }

  @Test
  void webSocketOverTlsTakesTheCertificateOfADomainByTheRulesOfHttps() throws Exception {
    expectRefusal(wss("example.com")); // which only a SIP URI has
  }
}
