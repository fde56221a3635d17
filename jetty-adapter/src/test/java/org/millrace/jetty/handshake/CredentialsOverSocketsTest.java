package org.millrace.jetty.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.jetty.handshake.Refusals.assertRefused;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.Test;
import org.millrace.jetty.config.AuthConfig;
import org.millrace.jetty.handshake.auth.Authenticator;

/** Step 21 of the table as clients see it. */
class CredentialsOverSocketsTest extends HandshakeTest {
  private static final String ALICE = "Authorization: Basic YWxpY2U6d29uZGVybGFuZA==";
  private static final AuthConfig.Tokens TOKENS =
      new AuthConfig.Tokens(
          Optional.of("0123456789abcdef0123456789abcdef"),
          List.of(),
          Optional.empty(),
          Optional.empty(),
          "sub",
          Duration.ofSeconds(30));

  private static AuthConfig basic(Set<String> allowed) {
    return TestConfig.auth(
        Set.of(AuthConfig.Scheme.BASIC),
        TestConfig.NO_TOKENS,
        Optional.empty(),
        Optional.empty(),
        allowed);
  }

  @Test
  void identityGoesOnWithTheHandshake() {
    config.auth = basic(Set.of());
    assertAccepted(answer(Requests.base().plus(ALICE)), "sip");
    assertThat(edge.accepted.remove().identity()).contains("alice");
    assertThat(edge.threads.remove().getName()).startsWith("edge-");
  }

  @Test
  void missingWrongAndNotAllowed() {
    config.auth = basic(Set.of("bob"));
    final RawClient.Answer missing = answer(Requests.base());
    assertRefused(missing, 401);
    assertThat(missing.values("www-authenticate"))
        .containsExactly("Basic realm=\"edge.example.com\", charset=\"UTF-8\"");
    assertRefused(answer(Requests.base().plus("Authorization: Basic eDp5")), 401);
    final RawClient.Answer known = answer(Requests.base().plus(ALICE));
    assertRefused(known, 403);
    assertThat(known.values("www-authenticate")).isEmpty();
    assertThat(edge.counters.failedHandshakes(RefusalReason.NOT_AUTHORISED)).isEqualTo(1);
  }

  @Test
  void credentialsAreAskedForLast() {
    config.auth = basic(Set.of());
    assertRefused(answer(Requests.base().with("Sec-WebSocket-Protocol", "chat")), 400);
    assertRefused(answer(Requests.base().with("Origin", "nonsense")), 400);
  }

  @Test
  void hs26UnknownSessionCookieGets403() {
    config.auth =
        TestConfig.auth(
            Set.of(AuthConfig.Scheme.BEARER),
            TOKENS,
            Optional.empty(),
            Optional.of("session"),
            Set.of());
    assertRefused(answer(Requests.base().plus("Cookie: session=unknown")), 403);
    assertRefused(answer(Requests.base()), 401);
    assertThat(edge.counters.failedHandshakes(RefusalReason.SESSION_UNKNOWN)).isEqualTo(1);
  }

  @Test
  void a13CookieNeedsAnOrigin() {
    config.auth =
        TestConfig.auth(
            Set.of(AuthConfig.Scheme.BEARER),
            TOKENS,
            Optional.empty(),
            Optional.of("session"),
            Set.of());
    assertRefused(answer(Requests.base().without("Origin").plus("Cookie: session=x")), 403);
    assertThat(edge.counters.failedHandshakes(RefusalReason.ORIGIN_MISSING)).isEqualTo(1);
  }

  private RawClient.Answer withCertificate(X509Certificate certificate) {
    try (RawClient client =
        new RawClient(
            certificate == null
                ? TestTls.connect(edge.port())
                : TestTls.connectAs(edge.port(), certificate))) {
      return client.send(Requests.base().text()).answer();
    }
  }

  private void startWithCertificates(Set<String> allowed) {
    config.tls = true;
    config.auth =
        TestConfig.auth(
            Set.of(AuthConfig.Scheme.CLIENT_CERTIFICATE),
            TestConfig.NO_TOKENS,
            Optional.empty(),
            Optional.empty(),
            allowed);
    edge = new TestEdge(config, Optional.of(TestTls.server()));
  }

  @Test
  void clientCertificateNamesItsOwner() {
    startWithCertificates(Set.of());
    assertAccepted(withCertificate(TestTls.CLIENT), "sip");
    assertThat(edge.accepted.remove().identity()).contains("sip:alice@example.com");
    assertRefused(withCertificate(null), 403);
  }

  @Test
  void anyNameOfACertificateMayBeAllowed() {
    startWithCertificates(Set.of("phone.example.com"));
    assertAccepted(withCertificate(TestTls.CLIENT), "sip");
    assertThat(edge.accepted.remove().identity()).contains("phone.example.com");
  }

  @Test
  void certificateOfSomeoneElse() {
    startWithCertificates(Set.of("sip:bob@example.com"));
    assertRefused(withCertificate(TestTls.CLIENT), 403);
    assertThat(edge.counters.failedHandshakes(RefusalReason.NOT_AUTHORISED)).isEqualTo(1);
  }

  @Test
  void commonNameServesWithoutAlternatives() {
    startWithCertificates(Set.of());
    final X509Certificate plain = TestTls.certificate("CN=Carol, O=Example");
    final Authenticator authenticator = Authenticator.of(config.auth, InstantSource.system());
    final RequestHead head =
        new RequestHead(
            "GET", RequestTarget.parse("/ws").orElseThrow(), 1, 1, Optional.empty(), List.of());
    assertThat(authenticator.authenticate(head, List.of(plain)).identity()).contains("Carol");
    final X509Certificate mail =
        TestTls.certificate(
            "CN=Carol", new GeneralName(GeneralName.rfc822Name, "carol@example.com"));
    assertThat(authenticator.authenticate(head, List.of(mail)).identity())
        .contains("carol@example.com");
  }
}
