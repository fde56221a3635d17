package org.millrace.engine.sip;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.sip.SipClient.startLine;
import static org.millrace.engine.sip.SipClient.values;

import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SIP Digest: RFC 3261 section 22, RFC 7616, RFC 8760. */
class DigestTest {
  private final SipRig rig =
      new SipRig(new EmbeddedCoreContext().user("alice", "secret").user("bob", "other"));

  private static String hash(String algorithm, String text) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance(algorithm).digest(text.getBytes(UTF_8)));
  }

  static String credentials(
      String header,
      String method,
      String uri,
      String user,
      String password,
      String nonce,
      String nc,
      String algorithm)
      throws Exception {
    final String ha1 = hash(algorithm, user + ":millrace:" + password);
    final String ha2 = hash(algorithm, method + ":" + uri);
    final String response = hash(algorithm, ha1 + ":" + nonce + ":" + nc + ":0a4f113b:auth:" + ha2);
    return header
        + ": Digest algorithm="
        + algorithm
        + ", username=\""
        + user
        + "\", realm=\"millrace\", nonce=\""
        + nonce
        + "\", uri=\""
        + uri
        + "\", response=\""
        + response
        + "\", opaque=\"\", qop=auth, cnonce=\"0a4f113b\", nc="
        + nc
        + "\n";
  }

  private String authorization(String user, String password, String nonce, String nc)
      throws Exception {
    return credentials(
        "Authorization", "REGISTER", "sip:example.com", user, password, nonce, nc, "MD5");
  }

  private static String nonce(String challenge) {
    final Matcher matcher = Pattern.compile("nonce=\"([^\"]+)\"").matcher(challenge);
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }

  private String challenged(SipClient client) {
    client.says(client.register(600));
    final String answer = client.hears();
    assertThat(startLine(answer)).isEqualTo("SIP/2.0 401 Unauthorized");
    assertThat(values(answer, "WWW-Authenticate")).hasSize(2);
    assertThat(values(answer, "WWW-Authenticate").get(0))
        .matches("Digest realm=\"millrace\", nonce=\"[\\w-]{32}\", algorithm=MD5, qop=\"auth\"");
    assertThat(values(answer, "WWW-Authenticate").get(1)).contains("algorithm=SHA-256");
    return nonce(answer);
  }

  private String answer(SipClient client, String authorization) {
    client.says(client.register(600, authorization));
    return client.hears();
  }

  @ParameterizedTest
  @ValueSource(strings = {"MD5", "SHA-256"})
  void rightPassword(String algorithm) throws Exception {
    try (rig) {
      final SipClient alice = rig.open("alice");
      final String good =
          credentials(
              "Authorization",
              "REGISTER",
              "sip:example.com",
              "alice",
              "secret",
              challenged(alice),
              "00000001",
              algorithm);
      assertThat(startLine(answer(alice, good))).isEqualTo("SIP/2.0 200 OK");
    }
  }

  @Test
  void wrongPasswordAndUnknownUser() throws Exception {
    try (rig) {
      final SipClient alice = rig.open("alice");
      final String nonce = challenged(alice);
      final String wrong = answer(alice, authorization("alice", "guess", nonce, "00000001"));
      assertThat(startLine(wrong)).isEqualTo("SIP/2.0 401 Unauthorized");
      assertThat(wrong).doesNotContain("stale");
      assertThat(startLine(answer(alice, authorization("eve", "secret", nonce, "00000002"))))
          .isEqualTo("SIP/2.0 401 Unauthorized");
      assertThat(startLine(answer(alice, authorization("bob", "other", nonce, "00000003"))))
          .isEqualTo("SIP/2.0 403 Forbidden");
      assertThat(rig.core().bindingCount()).isZero();
    }
  }

  @Test
  void replayAndAge() throws Exception {
    try (rig) {
      final SipClient alice = rig.open("alice");
      final String nonce = challenged(alice);
      final String first = authorization("alice", "secret", nonce, "00000001");
      assertThat(startLine(answer(alice, first))).isEqualTo("SIP/2.0 200 OK");
      assertThat(answer(alice, first)).contains("401 Unauthorized").contains("stale=true");
      assertThat(startLine(answer(alice, authorization("alice", "secret", nonce, "00000002"))))
          .isEqualTo("SIP/2.0 200 OK");
      rig.passUnnoticed(Duration.ofSeconds(302));
      assertThat(answer(alice, authorization("alice", "secret", nonce, "00000003")))
          .contains("stale=true");
      final String forged = nonce.charAt(9) == 'A' ? "B" : "A";
      final String other = nonce.substring(0, 9) + forged + nonce.substring(10);
      assertThat(answer(alice, authorization("alice", "secret", other, "00000004")))
          .contains("stale=true");
    }
  }

  @Test
  void malformed() throws Exception {
    try (rig) {
      final SipClient alice = rig.open("alice");
      final String good = authorization("alice", "secret", challenged(alice), "00000001");
      assertThat(startLine(answer(alice, good.replace("qop=auth", "qop=auth-int"))))
          .isEqualTo("SIP/2.0 400 Bad Request");
      assertThat(startLine(answer(alice, good.replace("nc=00000001", "nc=0000000x"))))
          .isEqualTo("SIP/2.0 400 Bad Request");
      assertThat(startLine(answer(alice, good.replace("uri=\"sip:example.com", "uri=\"sip:other"))))
          .isEqualTo("SIP/2.0 400 Bad Request");
      for (final String broken :
          new String[] {
            "Authorization: Digest\n",
            "Authorization: Basic abc\n",
            "Authorization: Digest ,,\n",
            "Authorization: Digest realm=\"millrace\n",
            "Authorization: \n"
          }) {
        assertThat(startLine(answer(alice, broken)))
            .isIn("SIP/2.0 401 Unauthorized", "SIP/2.0 400 Bad Request");
      }
      assertThat(startLine(answer(alice, good))).isEqualTo("SIP/2.0 200 OK");
    }
  }

  /** RFC 2617 section 3.5 as far as it can be used here: HA1 of the configuration. */
  @Test
  void hashInPlaceOfPassword() throws Exception {
    final String ha1 = hash("MD5", "alice:millrace:secret");
    try (SipRig hashed =
        new SipRig(
            new EmbeddedCoreContext()
                .userHa1(
                    "alice@example.com",
                    DigestAlgorithm.MD5,
                    hash("MD5", "alice@example.com:millrace:secret")))) {
      assertThat(ha1).hasSize(32);
      final SipClient alice = hashed.open("alice");
      final String nonce = challenged(alice);
      assertThat(
              startLine(
                  answer(alice, authorization("alice@example.com", "secret", nonce, "00000001"))))
          .isEqualTo("SIP/2.0 200 OK");
    }
    rig.close();
  }

  @Test
  void otherRequests() throws Exception {
    rig.close();
    final EmbeddedCoreContext context =
        new EmbeddedCoreContext()
            .user("alice", "secret")
            .user("bob", "other")
            .authenticateRequests(true);
    try (SipRig strict = new SipRig(context)) {
      final SipClient alice = strict.open("alice");
      final SipClient bob = strict.open("bob");
      bob.says(bob.register(600, authorization("bob", "other", challenged(bob), "00000001")));
      assertThat(startLine(bob.hears())).isEqualTo("SIP/2.0 200 OK");

      alice.says(alice.message("bob", "hello"));
      final String challenge = alice.hears();
      assertThat(startLine(challenge)).isEqualTo("SIP/2.0 407 Proxy Authentication Required");
      assertThat(values(challenge, "Proxy-Authenticate")).hasSize(2);
      final String good =
          credentials(
              "Proxy-Authorization",
              "MESSAGE",
              "sip:bob@example.com",
              "alice",
              "secret",
              nonce(challenge),
              "00000001",
              "MD5");
      alice.says(alice.message("bob", "hello").replace("Content-Type", good + "Content-Type"));
      assertThat(bob.hears()).endsWith("hello").doesNotContain("Proxy-Authorization");
      alice.says(alice.message("carol", "x"));
      assertThat(alice.hears()).contains("407");
    }
  }
}
