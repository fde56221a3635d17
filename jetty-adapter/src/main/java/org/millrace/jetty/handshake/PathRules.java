package org.millrace.jetty.handshake;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.millrace.jetty.config.EdgeSubProtocol;
import org.millrace.jetty.config.ListenerConfig;
import org.millrace.jetty.config.PathConfig;
import org.millrace.jetty.config.PathConfig.SubProtocolPreference;
import org.millrace.jetty.handshake.auth.Authenticator;

/** What a path asks of a handshake, made ready at start. */
final class PathRules {
  private static final int MAX_ECHOED_ORIGIN = 256;

  private final PathConfig config;
  private final List<EdgeSubProtocol> enabled;
  private final List<RequestHead.Field> help;
  private final OriginRules origins;
  private final HostRules hosts;
  private final Authenticator authenticator;

  /**
   * Reads the rules.
   *
   * @throws IllegalArgumentException if one of them is wrong; the message says which and why.
   */
  PathRules(ListenerConfig listener, PathConfig config, Authenticator authenticator) {
    this.config = config;
    this.authenticator = authenticator;
    // A client of msrp has to use a secure URI.
    final boolean secure = listener.isSecureForClients();
    enabled =
        config.subProtocols().stream()
            .filter(subProtocol -> secure || subProtocol != EdgeSubProtocol.MSRP)
            .toList();
    help = help(enabled);
    origins = new OriginRules(config.allowedOrigins());
    hosts = new HostRules(config.allowedHosts());
  }

  private static List<RequestHead.Field> help(List<EdgeSubProtocol> enabled) {
    final List<RequestHead.Field> help = new ArrayList<>();
    for (EdgeSubProtocol subProtocol : enabled) {
      help.add(new RequestHead.Field("Sec-WebSocket-Protocol", subProtocol.token()));
    }
    help.add(HandshakePolicy.VERSION_13);
    return List.copyOf(help);
  }

  PathConfig config() {
    return config;
  }

  /** Fields that tell a client what it could have asked for (WS-HELP in A-3). */
  List<RequestHead.Field> help() {
    return help;
  }

  HostRules hosts() {
    return hosts;
  }

  OriginRules origins() {
    return origins;
  }

  Authenticator authenticator() {
    return authenticator;
  }

  /** A browser cannot leave out Origin, so who bears a cookie has to have one. */
  boolean requiresOrigin() {
    return config.requireOrigin() || config.auth().cookie().isPresent();
  }

  /** A sub-protocol that both sides speak, and how the client spelled it. */
  record Choice(EdgeSubProtocol subProtocol, Optional<String> spelled) {}

  Optional<Choice> choose(RequestHead head) {
    final List<String> offered = head.members("sec-websocket-protocol");
    if (offered.isEmpty()) {
      return config.subProtocolRequired() || enabled.isEmpty()
          ? Optional.empty()
          : Optional.of(new Choice(enabled.get(0), Optional.empty()));
    }
    if (config.subProtocolPreference() == SubProtocolPreference.SERVER) {
      return enabled.stream().flatMap(ours -> match(ours, offered).stream()).findFirst();
    }
    for (String theirs : offered) {
      for (EdgeSubProtocol ours : enabled) {
        if (ours.token().equalsIgnoreCase(theirs)) {
          return Optional.of(new Choice(ours, Optional.of(theirs)));
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Choice> match(EdgeSubProtocol ours, List<String> offered) {
    for (String theirs : offered) {
      if (ours.token().equalsIgnoreCase(theirs)) {
        return Optional.of(new Choice(ours, Optional.of(theirs)));
      }
    }
    return Optional.empty();
  }

  /** Value of the CORS line; the origin has passed step 20. */
  Optional<String> accessControlAllowOrigin(Optional<String> origin) {
    return switch (config.corsMode()) {
      case NONE -> Optional.empty();
      case ANY -> Optional.of("*");
      case ORIGIN -> origin.filter(text -> text.length() <= MAX_ECHOED_ORIGIN);
    };
  }
}
