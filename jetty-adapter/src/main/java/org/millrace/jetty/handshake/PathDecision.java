package org.millrace.jetty.handshake;

import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import org.millrace.jetty.config.ListenerConfig;
import org.millrace.jetty.config.Profile;
import org.millrace.jetty.handshake.auth.Authenticator;

/** Steps 14 to 21 of the table A-3, for one request to a path that is served. */
final class PathDecision {
  private static final List<RequestHead.Field> UPGRADE_TO_13 =
      List.of(HandshakePolicy.VERSION_13, new RequestHead.Field("Upgrade", "websocket"));

  private final Profile profile;
  private final ListenerConfig listener;
  private final PathRules path;
  private final RequestHead head;

  PathDecision(Profile profile, ListenerConfig listener, PathRules path, RequestHead head) {
    this.profile = profile;
    this.listener = listener;
    this.path = path;
    this.head = head;
  }

  Decision decide(Peer peer, SocketAddress client, boolean pipelinedTooMuch) {
    final Optional<Refusal> refusal = upgrade().or(this::version).or(this::key);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    final Optional<PathRules.Choice> choice = path.choose(head);
    if (choice.isEmpty()) {
      return helpful(RefusalReason.SUB_PROTOCOL)
          .because(String.join(", ", head.members("sec-websocket-protocol")));
    }
    return extensions()
        .or(() -> pipelined(pipelinedTooMuch))
        .or(this::origin)
        .<Decision>map(refused -> refused)
        .orElseGet(() -> authenticate(choice.get(), peer, client));
  }

  private Refusal helpful(RefusalReason reason) {
    return new Refusal(400, reason, path.help());
  }

  /** Step 14. */
  private Optional<Refusal> upgrade() {
    return head.isHttp2()
            || (head.hasToken("upgrade", "websocket") && head.hasToken("connection", "upgrade"))
        ? Optional.empty()
        : Optional.of(helpful(RefusalReason.UPGRADE));
  }

  /** Steps 15 and 16. */
  private Optional<Refusal> version() {
    final Optional<String> version = head.single("sec-websocket-version");
    if (version.isEmpty() || !isVersion(version.get())) {
      return Optional.of(helpful(RefusalReason.VERSION));
    }
    if (version.get().equals("13")) {
      return Optional.empty();
    }
    final boolean bare = profile == Profile.KAMAILIO || head.isHttp2();
    final List<RequestHead.Field> fields =
        bare ? List.of(HandshakePolicy.VERSION_13) : UPGRADE_TO_13;
    return Optional.of(
        new Refusal(426, RefusalReason.VERSION_NOT_SUPPORTED, fields).because(version.get()));
  }

  /** 0 to 255 without leading zeros (RFC 6455, section 4.3). */
  private static boolean isVersion(String text) {
    if (text.isEmpty() || text.length() > 3 || (text.length() > 1 && text.startsWith("0"))) {
      return false;
    }
    int version = 0;
    for (int i = 0; i < text.length(); i++) {
      final char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return false;
      }
      version = version * 10 + (c - '0');
    }
    return version <= 0xFF;
  }

  /** Step 17. */
  private Optional<Refusal> key() {
    return head.isHttp2()
            || head.single("sec-websocket-key").filter(SecWebSocketKey::isValid).isPresent()
        ? Optional.empty()
        : Optional.of(helpful(RefusalReason.KEY));
  }

  /** Step 19. */
  private Optional<Refusal> extensions() {
    return head.values("sec-websocket-extensions").stream().allMatch(Extensions::areWellFormed)
        ? Optional.empty()
        : Optional.of(new Refusal(400, RefusalReason.EXTENSIONS));
  }

  /** A client has to wait for the answer before it sends more. */
  private static Optional<Refusal> pipelined(boolean tooMuch) {
    return tooMuch ? Optional.of(new Refusal(400, RefusalReason.PIPELINED)) : Optional.empty();
  }

  /** Step 20. */
  private Optional<Refusal> origin() {
    final List<String> origins = head.values("origin");
    if (origins.isEmpty()) {
      return path.requiresOrigin()
          ? Optional.of(new Refusal(403, RefusalReason.ORIGIN_MISSING))
          : Optional.empty();
    }
    final Optional<Origin> origin =
        origins.size() == 1 ? Origin.parse(origins.get(0)) : Optional.empty();
    if (origin.isEmpty()) {
      return Optional.of(
          new Refusal(400, RefusalReason.ORIGIN).because(String.join(", ", origins)));
    }
    return path.origins().allow(origin.get())
        ? Optional.empty()
        : Optional.of(new Refusal(403, RefusalReason.ORIGIN_NOT_ALLOWED).because(origins.get(0)));
  }

  /** Step 21. */
  private Decision authenticate(PathRules.Choice choice, Peer peer, SocketAddress client) {
    final Authenticator.Outcome outcome =
        path.authenticator().authenticate(head, peer.certificates());
    return switch (outcome.verdict()) {
      case PASSED -> new Decision.Accepted(accepted(choice, outcome.identity(), peer, client));
      case MISSING -> unauthorised(RefusalReason.CREDENTIALS_MISSING, outcome);
      case INVALID -> unauthorised(RefusalReason.CREDENTIALS_INVALID, outcome);
      case SESSION_UNKNOWN -> new Refusal(403, RefusalReason.SESSION_UNKNOWN);
      case NOT_ALLOWED ->
          new Refusal(403, RefusalReason.NOT_AUTHORISED).because(outcome.identity().orElse(""));
    };
  }

  private static Refusal unauthorised(RefusalReason reason, Authenticator.Outcome outcome) {
    final List<RequestHead.Field> challenges =
        outcome.challenges().stream()
            .map(challenge -> new RequestHead.Field("WWW-Authenticate", challenge))
            .toList();
    // There is no challenge to a client certificate, and 401 needs one.
    return new Refusal(challenges.isEmpty() ? 403 : 401, reason, challenges);
  }

  private AcceptedHandshake accepted(
      PathRules.Choice choice, Optional<String> identity, Peer peer, SocketAddress client) {
    return new AcceptedHandshake(
        listener,
        path.config(),
        choice.subProtocol(),
        choice.spelled(),
        path.accessControlAllowOrigin(head.single("origin")),
        identity,
        client,
        peer.transport());
  }
}
