package org.millrace.jetty.handshake.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.jetty.handshake.auth.TestRequests.config;
import static org.millrace.jetty.handshake.auth.TestRequests.request;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.jetty.config.AuthConfig.Scheme;
import org.millrace.jetty.handshake.auth.Authenticator.Outcome;
import org.millrace.jetty.handshake.auth.Authenticator.Verdict;

class DigestSchemeTest {
  private static final Pattern NONCE = Pattern.compile("nonce=\"([^\"]+)\"");

  private Instant now = Instant.parse("2026-11-23T03:00:00Z");
  private final InstantSource clock = () -> now;
  private final Authenticator authenticator =
      Authenticator.of(config(Set.of(Scheme.DIGEST), Set.of()), clock);

  private Outcome authenticate(String authorization) {
    return authenticator.authenticate(
        request(Optional.of("a=b"), "authorization", authorization), List.of());
  }

  private String nonce() {
    final Outcome outcome = authenticator.authenticate(request(), List.of());
    assertThat(outcome.verdict()).isEqualTo(Verdict.MISSING);
    final Matcher matcher = NONCE.matcher(outcome.challenges().get(0));
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }

  private static String hash(String algorithm, String text) {
    return HexFormat.of()
        .formatHex(Credentials.digest(algorithm, text.getBytes(StandardCharsets.UTF_8)));
  }

  private static String digest(
      String algorithm, String user, String password, String nonce, String nc, String uri) {
    final String a1 = hash(algorithm, user + ":edge.example.com:" + password);
    final String a2 = hash(algorithm, "GET:" + uri);
    final String response = hash(algorithm, String.join(":", a1, nonce, nc, "0a4f", "auth", a2));
    return "Digest username=\""
        + user
        + "\", realm=\"edge.example.com\", nonce=\""
        + nonce
        + "\", uri=\""
        + uri
        + "\", algorithm="
        + algorithm
        + ", qop=auth, nc="
        + nc
        + ", cnonce=\"0a4f\", response=\""
        + response
        + "\"";
  }

  private static String alice(String nonce, String nc) {
    return digest("SHA-256", "alice", "wonderland", nonce, nc, "/ws?a=b");
  }

  /** RFC 7616, section 3.9.1, as far as the arithmetic goes. */
  @Test
  void arithmeticIsThatOfTheRfc() {
    final String a1 = hash("SHA-256", "Mufasa:http-auth@example.org:Circle of Life");
    final String a2 = hash("SHA-256", "GET:/dir/index.html");
    assertThat(
            hash(
                "SHA-256",
                String.join(
                    ":",
                    a1,
                    "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
                    "00000001",
                    "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
                    "auth",
                    a2)))
        .isEqualTo("753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"SHA-256", "MD5"})
  void rightAnswerPasses(String algorithm) {
    final Outcome outcome =
        authenticate(digest(algorithm, "alice", "wonderland", nonce(), "00000001", "/ws?a=b"));
    assertThat(outcome.verdict()).isEqualTo(Verdict.PASSED);
    assertThat(outcome.identity()).contains("alice");
  }

  @Test
  void wrongAnswersAreChallengedWithoutStale() {
    final String nonce = nonce();
    for (String authorization :
        List.of(
            digest("SHA-256", "alice", "wrong", nonce, "00000001", "/ws?a=b"),
            digest("SHA-256", "nobody", "", nonce, "00000001", "/ws?a=b"),
            digest("SHA-256", "alice", "wonderland", nonce, "00000001", "/other"),
            digest("SHA-256", "alice", "wonderland", nonce, "00000000", "/ws?a=b"),
            digest("SHA-256", "alice", "wonderland", nonce, "1", "/ws?a=b"),
            digest("SHA-256", "alice", "wonderland", "Zm9yZ2Vk", "00000001", "/ws?a=b"),
            alice(nonce, "00000001").replace("qop=auth", "qop=auth-int"),
            alice(nonce, "00000001").replace("realm=\"edge", "realm=\"Edge"),
            "Digest username=\"alice",
            "Digest ,,,")) {
      final Outcome outcome = authenticate(authorization);
      assertThat(outcome.verdict()).as(authorization).isEqualTo(Verdict.INVALID);
      assertThat(outcome.challenges()).hasSize(2).noneMatch(c -> c.contains("stale="));
    }
    assertThat(authenticate(alice(nonce, "00000001")).verdict()).isEqualTo(Verdict.PASSED);
  }

  @Test
  void noAnswerIsTakenTwice() {
    final String nonce = nonce();
    assertThat(authenticate(alice(nonce, "00000001")).verdict()).isEqualTo(Verdict.PASSED);
    final Outcome again = authenticate(alice(nonce, "00000001"));
    assertThat(again.verdict()).isEqualTo(Verdict.INVALID);
    assertThat(again.challenges()).allMatch(c -> c.contains("stale=true"));
    assertThat(authenticate(alice(nonce, "00000003")).verdict()).isEqualTo(Verdict.PASSED);
    assertThat(authenticate(alice(nonce, "00000002")).verdict()).isEqualTo(Verdict.PASSED);
    assertThat(authenticate(alice(nonce, "00000002")).verdict()).isEqualTo(Verdict.INVALID);
    assertThat(authenticate(alice(nonce, "000000ff")).verdict()).isEqualTo(Verdict.PASSED);
    assertThat(authenticate(alice(nonce, "00000004")).verdict()).isEqualTo(Verdict.INVALID);
  }

  @Test
  void oldNonceIsStale() {
    final String nonce = nonce();
    now = now.plus(Duration.ofMinutes(5)).plusMillis(1);
    final Outcome outcome = authenticate(alice(nonce, "00000001"));
    assertThat(outcome.verdict()).isEqualTo(Verdict.INVALID);
    assertThat(outcome.challenges()).allMatch(c -> c.contains("stale=true"));
    assertThat(authenticate(alice(nonce(), "00000001")).verdict()).isEqualTo(Verdict.PASSED);
  }

  @Test
  void nonceOfAnotherProcessIsForged() {
    final Nonces other = new Nonces(Duration.ofMinutes(5), clock);
    final String nonce = other.issue();
    assertThat(authenticate(alice(nonce, "00000001")).challenges())
        .noneMatch(c -> c.contains("stale="));
    assertThat(other.use(nonce, 1)).isEqualTo(Nonces.Use.FRESH);
    final String changed = (nonce.startsWith("A") ? "B" : "A") + nonce.substring(1);
    assertThat(other.use(changed, 1)).isEqualTo(Nonces.Use.FORGED);
  }

  @Test
  void memoryOfNoncesIsBoundedAndWhatItForgetsIsStale() {
    final Nonces nonces = new Nonces(Duration.ofMinutes(5), clock);
    final String first = nonces.issue();
    assertThat(nonces.use(first, 1)).isEqualTo(Nonces.Use.FRESH);
    for (int i = 0; i < 20_000; i++) {
      now = now.plusMillis(1);
      assertThat(nonces.use(nonces.issue(), 1)).isEqualTo(Nonces.Use.FRESH);
    }
    assertThat(nonces.remembered()).isLessThanOrEqualTo(8192);
    assertThat(nonces.use(first, 1)).isEqualTo(Nonces.Use.STALE);
  }
}
