package org.millrace.jetty.handshake;

import static org.millrace.jetty.handshake.RefusalReason.ADDRESS_CONNECTIONS;
import static org.millrace.jetty.handshake.RefusalReason.ADDRESS_HANDSHAKE_RATE;
import static org.millrace.jetty.handshake.RefusalReason.CONNECTIONS;
import static org.millrace.jetty.handshake.RefusalReason.DISABLED;
import static org.millrace.jetty.handshake.RefusalReason.DRAINING;
import static org.millrace.jetty.handshake.RefusalReason.HANDSHAKE_RATE;

import java.net.InetAddress;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millrace.jetty.config.EdgeConfig;
import org.millrace.jetty.config.ListenerConfig;
import org.millrace.jetty.config.PathConfig;
import org.millrace.jetty.config.Profile;
import org.millrace.jetty.handshake.auth.Authenticator;

/**
 * The table A-3 for a listener: judges the head of a request, whichever way it came. The first
 * check that fails decides.
 */
final class HandshakePolicy {
  static final RequestHead.Field VERSION_13 = new RequestHead.Field("Sec-WebSocket-Version", "13");

  private static final List<RequestHead.Field> ONLY_VERSION_13 = List.of(VERSION_13);

  private final Profile profile;
  private final int maxPipelined;
  private final ListenerConfig listener;
  private final Handshakes shared;
  private final TrustedProxies trustedProxies;
  private final Map<String, PathRules> paths = new HashMap<>();

  /**
   * Reads the rules of a listener.
   *
   * @throws IllegalArgumentException if one of them is wrong; the message says which and why.
   */
  HandshakePolicy(
      EdgeConfig config,
      ListenerConfig listener,
      TrustedProxies trustedProxies,
      Handshakes shared) {
    this.profile = config.profile();
    this.maxPipelined = config.handshake().maxPipelined();
    this.listener = listener;
    this.trustedProxies = trustedProxies;
    this.shared = shared;
    for (PathConfig path : listener.paths()) {
      final Authenticator authenticator = Authenticator.of(path.auth(), shared.clock());
      paths.put(path.path(), new PathRules(listener, path, authenticator));
    }
  }

  /**
   * Judges a request.
   *
   * @param pipelined bytes that followed its head.
   */
  Decision decide(RequestHead head, Peer peer, int pipelined) {
    if (PlainRequests.isHealth(head)) {
      return Decision.Plain.HEALTH;
    }
    if (listener.page() && PlainRequests.isPage(head)) {
      return Decision.Plain.PAGE;
    }
    final SocketAddress client = trustedProxies.client(peer.client(), head);
    final Optional<Refusal> refusal =
        unavailable(peer).or(() -> limited(client, peer)).or(() -> method(head, peer));
    if (refusal.isPresent()) {
      return inProfile(refusal.get());
    }
    final PathRules path = paths.get(head.target().path());
    final Decision decision =
        host(head, Optional.ofNullable(path))
            .or(() -> body(head))
            .<Decision>map(refused -> refused)
            .orElseGet(() -> onPath(path, head, peer, client, pipelined));
    return decision instanceof Refusal refused ? inProfile(refused) : decision;
  }

  /** Answer to a head that could not be read, or not in time: steps 1 to 5. */
  Refusal unreadable(RefusalReason reason, Peer peer) {
    final int status =
        switch (reason) {
          case HEAD_INCOMPLETE -> 408;
          case REQUEST_LINE_TOO_LONG -> 414;
          case HEAD_TOO_LARGE -> 431;
          case HTTP_VERSION -> 505;
          case NOTHING_RECEIVED, END_OF_INPUT -> 0;
          default -> 400;
        };
    final Refusal refusal = new Refusal(status, reason);
    // Kamailio looks at its switch before it looks at anything else.
    return profile == Profile.KAMAILIO && status != 0 ? unavailable(peer).orElse(refusal) : refusal;
  }

  private Refusal inProfile(Refusal refusal) {
    final RefusalReason reason = refusal.reason();
    final boolean collapses =
        reason.compareTo(RefusalReason.METHOD) >= 0
            && reason.compareTo(RefusalReason.ORIGIN_MISSING) <= 0;
    return profile == Profile.OPENSIPS && collapses ? refusal.as(400, ONLY_VERSION_13) : refusal;
  }

  /** Step 6. */
  private Optional<Refusal> unavailable(Peer peer) {
    final HandshakeSwitch gate = shared.gate();
    if (!gate.isEnabled()) {
      return Optional.of(new Refusal(503, DISABLED, retryAfter()));
    }
    if (gate.isDraining()) {
      return Optional.of(new Refusal(503, DRAINING, retryAfter()));
    }
    if (peer.endPoint().filter(endPoint -> endPoint.lease().isOverTotal()).isPresent()) {
      return Optional.of(new Refusal(503, CONNECTIONS, retryAfter()));
    }
    return Optional.empty();
  }

  /** The rate of step 6, and step 7; the address is that of the client behind any proxies. */
  private Optional<Refusal> limited(SocketAddress client, Peer peer) {
    final Optional<InetAddress> address = Peer.inetAddress(client);
    final Optional<ConnectionLease> lease = peer.endPoint().map(AdmittedEndPoint::lease);
    if (lease.isPresent() && address.isPresent() && !lease.get().isBound()) {
      lease.get().bind(address.get());
    }
    if (lease.filter(ConnectionLease::isOverAddress).isPresent()) {
      return Optional.of(new Refusal(429, ADDRESS_CONNECTIONS, retryAfter()));
    }
    // The address first: what it is refused is not taken from the others.
    if (address.isPresent() && !shared.limits().tryHandshake(address.get())) {
      return Optional.of(new Refusal(429, ADDRESS_HANDSHAKE_RATE, retryAfter()));
    }
    return shared.limits().tryHandshake()
        ? Optional.empty()
        : Optional.of(new Refusal(503, HANDSHAKE_RATE, retryAfter()));
  }

  private List<RequestHead.Field> retryAfter() {
    return profile == Profile.KAMAILIO
        ? List.of()
        : List.of(
            new RequestHead.Field(
                "Retry-After", Long.toString(shared.limits().retryAfterSeconds())));
  }

  /** Steps 8 and 9; over HTTP/2, A-62. */
  private Optional<Refusal> method(RequestHead head, Peer peer) {
    if (head.isHttp2()) {
      return extendedConnect(head, peer);
    }
    if (profile == Profile.KAMAILIO) {
      return Optional.empty();
    }
    if (!head.method().equals("GET")) {
      return Optional.of(new Refusal(405, RefusalReason.METHOD, allow("GET")));
    }
    return head.minor() == 0
        ? Optional.of(new Refusal(400, RefusalReason.HTTP_1_0))
        : Optional.empty();
  }

  private static Optional<Refusal> extendedConnect(RequestHead head, Peer peer) {
    if (!head.method().equals("CONNECT")) {
      return Optional.of(new Refusal(405, RefusalReason.METHOD, allow("CONNECT")));
    }
    if (!head.protocol().equals(Optional.of("websocket"))) {
      return Optional.of(new Refusal(501, RefusalReason.PROTOCOL));
    }
    final boolean schemeFits = head.target().scheme().equals(Optional.of("https"));
    return peer.secure() && !schemeFits
        ? Optional.of(new Refusal(400, RefusalReason.PROTOCOL))
        : Optional.empty();
  }

  private static List<RequestHead.Field> allow(String method) {
    return List.of(new RequestHead.Field("Allow", method));
  }

  /** Steps 10 and 11. */
  private Optional<Refusal> host(RequestHead head, Optional<PathRules> path) {
    final List<String> hosts = head.values("host");
    final boolean checked = !head.isHttp2() && profile != Profile.KAMAILIO;
    if (checked && hosts.size() != 1) {
      return Optional.of(new Refusal(400, RefusalReason.HOST));
    }
    final String text = head.target().authority().orElse(hosts.isEmpty() ? "" : hosts.get(0));
    final Optional<Authority> host = Authority.parse(text);
    final boolean malformed =
        host.isEmpty() || (checked && Authority.parse(hosts.get(0)).isEmpty());
    if (malformed && profile != Profile.KAMAILIO) {
      return Optional.of(new Refusal(400, RefusalReason.HOST).because(text));
    }
    final int port = listener.isSecureForClients() ? 443 : 80;
    final boolean allowed =
        path.isEmpty()
            || path.get().config().allowedHosts().isEmpty()
            || (host.isPresent() && path.get().hosts().allow(host.get(), port));
    return allowed
        ? Optional.empty()
        : Optional.of(new Refusal(403, RefusalReason.HOST_NOT_ALLOWED).because(text));
  }

  /** Step 12. */
  private static Optional<Refusal> body(RequestHead head) {
    final boolean lengths =
        head.values("content-length").stream().allMatch(length -> length.equals("0"));
    return lengths && head.values("transfer-encoding").isEmpty()
        ? Optional.empty()
        : Optional.of(new Refusal(400, RefusalReason.BODY));
  }

  /** Step 13 and what follows. */
  private Decision onPath(
      PathRules path, RequestHead head, Peer peer, SocketAddress client, int pipelined) {
    if (path == null) {
      return new Refusal(404, RefusalReason.PATH);
    }
    final boolean strict = path.config().strictPipelining() || profile == Profile.OPENSIPS;
    final boolean tooMuch = pipelined > (strict ? 0 : maxPipelined);
    return new PathDecision(profile, listener, path, head).decide(peer, client, tooMuch);
  }
}
