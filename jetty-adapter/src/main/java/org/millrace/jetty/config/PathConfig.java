package org.millrace.jetty.config;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.sip.EdgePolicy;

/**
 * A path of a listener: what it speaks and whom it lets in.
 *
 * @param path exact, begins with a slash, no query.
 * @param subProtocols in the server's order of preference.
 * @param subProtocolRequired false lets in a client that offers none, to the first of them; for
 *     {@code echo} only.
 * @param allowedOrigins empty for any.
 * @param allowedHosts empty for any.
 * @param upstream how {@code sip} is routed, and to which upstream; empty for the embedded core.
 * @param connection a new, concluded context for a sub-protocol.
 */
public record PathConfig(
    String path,
    List<EdgeSubProtocol> subProtocols,
    boolean subProtocolRequired,
    SubProtocolPreference subProtocolPreference,
    List<String> allowedOrigins,
    boolean requireOrigin,
    List<String> allowedHosts,
    CorsMode corsMode,
    boolean strictPipelining,
    AuthConfig auth,
    Optional<EdgePolicy> upstream,
    Function<EdgeSubProtocol, ConnectionContext> connection) {

  /** Whose order decides between several sub-protocols. */
  public enum SubProtocolPreference {
    CLIENT,
    SERVER
  }

  /** What Access-Control-Allow-Origin says. */
  public enum CorsMode {
    NONE,
    ANY,
    ORIGIN
  }
}
