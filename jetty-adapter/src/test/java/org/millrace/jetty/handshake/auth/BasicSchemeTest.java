package org.millrace.jetty.handshake.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.jetty.handshake.auth.TestRequests.config;
import static org.millrace.jetty.handshake.auth.TestRequests.request;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.jetty.config.AuthConfig.Scheme;
import org.millrace.jetty.handshake.auth.Authenticator.Outcome;
import org.millrace.jetty.handshake.auth.Authenticator.Verdict;

class BasicSchemeTest {
  private final Authenticator authenticator = authenticator(Set.of());

  private static Authenticator authenticator(Set<String> allowed) {
    return Authenticator.of(config(Set.of(Scheme.BASIC), allowed), InstantSource.system());
  }

  private static String basic(String userAndPassword) {
    return "Basic "
        + Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8));
  }

  private Outcome authenticate(String authorization) {
    return authenticator.authenticate(request("authorization", authorization), List.of());
  }

  @Test
  void rightPasswordPasses() {
    final Outcome outcome = authenticate(basic("alice:wonderland"));
    assertThat(outcome.verdict()).isEqualTo(Verdict.PASSED);
    assertThat(outcome.identity()).contains("alice");
    assertThat(authenticate(basic("bob:pa\u00dfwort")).verdict()).isEqualTo(Verdict.PASSED);
    assertThat(authenticate("bASIC " + basic("alice:wonderland").substring(6)).verdict())
        .isEqualTo(Verdict.PASSED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"alice:wrong", "alice:", "nobody:wonderland", "nobody:", "alice", ":"})
  void anythingElseIsChallenged(String credentials) {
    final Outcome outcome = authenticate(basic(credentials));
    assertThat(outcome.verdict()).isEqualTo(Verdict.INVALID);
    assertThat(outcome.challenges())
        .containsExactly("Basic realm=\"edge.example.com\", charset=\"UTF-8\"");
  }

  @Test
  void nonsenseIsNoCredential() {
    assertThat(authenticate("Basic ????").verdict()).isEqualTo(Verdict.INVALID);
    assertThat(authenticate("Basically").verdict()).isEqualTo(Verdict.MISSING);
    final String once = basic("alice:wonderland");
    assertThat(
            authenticator
                .authenticate(request("authorization", once, "authorization", once), List.of())
                .verdict())
        .isEqualTo(Verdict.MISSING);
  }

  @Test
  void whoIsNotAllowedIsToldApart() {
    final Authenticator onlyBob = authenticator(Set.of("bob"));
    final Outcome outcome =
        onlyBob.authenticate(request("authorization", basic("alice:wonderland")), List.of());
    assertThat(outcome.verdict()).isEqualTo(Verdict.NOT_ALLOWED);
    assertThat(outcome.challenges()).isEmpty();
  }
}
