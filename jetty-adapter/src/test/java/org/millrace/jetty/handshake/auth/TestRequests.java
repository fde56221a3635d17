package org.millrace.jetty.handshake.auth;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.millrace.jetty.config.AuthConfig;
import org.millrace.jetty.handshake.RequestHead;
import org.millrace.jetty.handshake.RequestTarget;

/** Requests with credentials, and what asks for them. */
final class TestRequests {
  static final AuthConfig.Tokens NO_TOKENS =
      new AuthConfig.Tokens(
          Optional.empty(),
          List.of(),
          Optional.empty(),
          Optional.empty(),
          "sub",
          java.time.Duration.ofSeconds(30));

  private TestRequests() {}

  /** For /ws, with fields given as name and value in turn. */
  static RequestHead request(Optional<String> query, String... fields) {
    final List<RequestHead.Field> list = new ArrayList<>();
    for (int i = 0; i < fields.length; i += 2) {
      list.add(new RequestHead.Field(fields[i], fields[i + 1]));
    }
    return new RequestHead(
        "GET",
        new RequestTarget(Optional.empty(), Optional.empty(), "/ws", query),
        1,
        1,
        Optional.empty(),
        list);
  }

  static RequestHead request(String... fields) {
    return request(Optional.empty(), fields);
  }

  static AuthConfig config(Set<AuthConfig.Scheme> schemes, Set<String> allowed) {
    return config(schemes, NO_TOKENS, allowed);
  }

  static AuthConfig config(
      Set<AuthConfig.Scheme> schemes, AuthConfig.Tokens tokens, Set<String> allowed) {
    return new AuthConfig(
        schemes,
        "edge.example.com",
        Map.of("alice", "wonderland", "bob", "pa\u00dfwort", "Mufasa", "Circle of Life"),
        java.time.Duration.ofMinutes(5),
        tokens,
        Optional.of("token"),
        Optional.of("session"),
        allowed);
  }
}
