package org.millrace.jetty.handshake;

import java.net.SocketAddress;
import java.util.Optional;
import org.millrace.jetty.config.EdgeSubProtocol;
import org.millrace.jetty.config.ListenerConfig;
import org.millrace.jetty.config.PathConfig;

/**
 * What an opening handshake that passed every check has settled.
 *
 * @param spelledSubProtocol the sub-protocol as the client spelled it, to be answered so;
 *     empty if it offered none and need not.
 * @param accessControlAllowOrigin value of the CORS line of the answer, if there is to be one.
 * @param identity whom the client has proven to be.
 * @param client address of the client itself, from PROXY or Forwarded where those are trusted.
 * @param transport address of the peer of the socket, which may be a proxy.
 */
public record AcceptedHandshake(
    ListenerConfig listener,
    PathConfig path,
    EdgeSubProtocol subProtocol,
    Optional<String> spelledSubProtocol,
    Optional<String> accessControlAllowOrigin,
    Optional<String> identity,
    SocketAddress client,
    SocketAddress transport) {

  /** Request attribute under which the gate leaves this for the handlers behind it. */
  public static final String ATTRIBUTE = AcceptedHandshake.class.getName();
}
