package org.millrace.jetty.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.jetty.handshake.Refusals.assertHelp;
import static org.millrace.jetty.handshake.Refusals.assertRefused;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.millrace.jetty.config.AuthConfig;
import org.millrace.jetty.config.Profile;

/** Where the profiles of the two reference servers differ. */
class ProfilesTest extends HandshakeTest {
  static List<Requests> refusedByOpensips() {
    final Requests base = Requests.base();
    return List.of(
        base.line("POST /ws HTTP/1.1"), // HS-06
        base.line("GET /ws HTTP/1.0"),
        base.line("GET /nope HTTP/1.1"),
        base.without("Host"),
        base.plus("Content-Length: 5"),
        base.with("Upgrade", "h2c"),
        base.with("Sec-WebSocket-Version", "8"),
        base.without("Sec-WebSocket-Version"),
        base.with("Sec-WebSocket-Key", "x"),
        base.with("Sec-WebSocket-Protocol", "chat"),
        base.plus("Sec-WebSocket-Extensions: ;"),
        base.with("Origin", "https://evil.test"),
        base.without("Origin")); // HS-17
  }

  @ParameterizedTest
  @MethodSource("refusedByOpensips")
  void opensipsHasOneAnswer(Requests request) {
    config.profile = Profile.OPENSIPS;
    config.origins = List.of("https://app.example.com");
    config.requireOrigin = true;
    final RawClient.Answer answer = answer(request);
    assertRefused(answer, 400);
    assertThat(answer.values("sec-websocket-version")).containsExactly("13");
    assertThat(answer.fields()).hasSize(3);
  }

  @Test
  void opensipsKeepsTheOtherAnswers() {
    config.profile = Profile.OPENSIPS;
    config.auth = TestConfig.auth(Set.of(AuthConfig.Scheme.BASIC));
    assertRefused(answer(Requests.base()), 401);
    assertRefused(answer(Requests.base().line("GET /ws HTTP/3.0")), 505);
    edge.gate.disable();
    assertRefused(answer(Requests.base()), 503);
  }

  @Test
  void hs24OpensipsRefusesPipelinedBytes() {
    config.profile = Profile.OPENSIPS;
    assertRefused(answer(Requests.base().text() + "x"), 400);
    assertAccepted(answer(Requests.base()), "sip");
  }

  @Test
  void kamailioLooksAtItsSwitchFirst() {
    config.profile = Profile.KAMAILIO;
    start().gate.disable();
    for (String request :
        List.of(
            Requests.base().text(),
            Requests.base().plus("X: " + "x".repeat(17 * 1024)).text(),
            Requests.base().plus("bad").text())) {
      final RawClient.Answer answer = answer(request);
      assertRefused(answer, 503);
      assertThat(answer.fields()).hasSize(2);
    }
  }

  @Test
  void kamailioLeavesMethodVersionAndHostToTheConfiguration() {
    config.profile = Profile.KAMAILIO;
    assertAccepted(answer(Requests.base().line("POST /ws HTTP/1.1")), "sip");
    assertAccepted(answer(Requests.base().line("GET /ws HTTP/1.0")), "sip");
    assertAccepted(answer(Requests.base().without("Host")), "sip");
    assertAccepted(answer(Requests.base().plus("Host: other.test")), "sip");
  }

  @Test
  void kamailioAnswersOldVersionsWithoutUpgrade() {
    config.profile = Profile.KAMAILIO;
    final RawClient.Answer answer = answer(Requests.base().with("Sec-WebSocket-Version", "8"));
    assertRefused(answer, 426);
    assertThat(answer.values("sec-websocket-version")).containsExactly("13");
    assertThat(answer.values("upgrade")).isEmpty();
  }

  @Test
  void kamailioHelpsAsStrictDoes() {
    config.profile = Profile.KAMAILIO;
    assertHelp(answer(Requests.base().without("Sec-WebSocket-Protocol")), "sip");
  }
}
