package org.millrace.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each peer in its process, seen by the JDK's own WebSocket client. */
class PeerProcessTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final List<String> FLAGS =
      List.of(
          "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
          "-XX:+IgnoreUnrecognizedVMOptions",
          "--sun-misc-unsafe-memory-access=allow",
          "--enable-native-access=ALL-UNNAMED",
          "-Xmx128m");

  private static Identity identity;
  private static HttpClient client;

  @BeforeAll
  static void makeIdentityAndAClientThatTrustsIt() throws Exception {
    identity = Identity.make();
    final KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    try (var in = Files.newInputStream(identity.chain())) {
      trusted.setCertificateEntry(
          "peer", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    final TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    final SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    client = HttpClient.newBuilder().sslContext(context).connectTimeout(PATIENCE).build();
  }

  @AfterAll
  static void deleteIdentity() throws Exception {
    identity.close();
    assertThat(identity.directory()).doesNotExist();
  }

  /** What comes back for a message. */
  private static final class Answer implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();
    private final CompletableFuture<String> whole = new CompletableFuture<>();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        whole.complete(text.toString());
      }
      socket.request(1);
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable cause) {
      whole.completeExceptionally(cause);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      whole.completeExceptionally(new IllegalStateException("closed: " + code + " " + reason));
      return null;
    }
  }

  private static String answer(ServerProcess server, boolean secure, String protocol, String text)
      throws Exception {
    final Answer answer = new Answer();
    final WebSocket.Builder builder = client.newWebSocketBuilder().connectTimeout(PATIENCE);
    if (!protocol.isEmpty()) {
      builder.subprotocols(protocol);
    }
    final WebSocket socket =
        builder.buildAsync(server.uri(secure), answer).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    try {
      socket.sendText(text, true).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      return answer.whole.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } finally {
      socket.abort();
    }
  }

  @ParameterizedTest
  @EnumSource(Peer.class)
  void everyPeerEchoesInCleartextAndOverTls(Peer peer) throws Exception {
    final String text = "a text with \u00fcml\u00e4uts and \ud83d\ude00; ".repeat(20);
    try (PeerProcess process = PeerProcess.start(peer, FLAGS, identity)) {
      assertThat(answer(process, false, "", text)).isEqualTo(text);
      assertThat(answer(process, true, "", text)).isEqualTo(text);
      assertThat(process.heapInUse().orElseThrow()).isBetween(1L << 20, 128L << 20);
      assertThat(process.residentBytes()).isGreaterThan(process.heapInUse().orElseThrow());
      assertThat(process.note()).contains("TLS by the JDK");
    }
  }

  @Test
  void millraceAnswersOptionsItself() throws Exception {
    try (PeerProcess process = PeerProcess.startSip(FLAGS, identity)) {
      assertAnswersOptions(process);
    }
  }

  @Test
  @EnabledIf("org.millrace.bench.peer.KamailioProcess#isInstalled")
  void kamailioAnswersOptionsItself() throws Exception {
    try (KamailioProcess process = KamailioProcess.start(identity)) {
      assertAnswersOptions(process);
      assertThat(process.heapInUse()).isEmpty();
      assertThat(process.residentBytes()).isPositive();
    }
  }

  private static void assertAnswersOptions(ServerProcess process) throws Exception {
    for (final boolean secure : new boolean[] {false, true}) {
      final String via = secure ? "WSS" : "WS";
      final String request =
          String.join(
              "\r\n",
              "OPTIONS sip:example.com SIP/2.0",
              "Via: SIP/2.0/" + via + " abc.invalid;branch=z9hG4bK1",
              "Max-Forwards: 70",
              "From: <sip:alice@example.com>;tag=1",
              "To: <sip:example.com>",
              "Call-ID: 1@abc.invalid",
              "CSeq: 1 OPTIONS",
              "Content-Length: 0",
              "",
              "");
      assertThat(answer(process, secure, "sip", request))
          .startsWith("SIP/2.0 200 ")
          .contains("branch=z9hG4bK1");
    }
  }

  @Test
  void aServerThatDoesNotStartSaysWhy() {
    assertThatThrownBy(() -> PeerProcess.start(Peer.NETTY, List.of("-XX:NoSuchFlag"), identity))
        .hasMessageContaining("the peer ended when it was to tell its port");
  }
}
