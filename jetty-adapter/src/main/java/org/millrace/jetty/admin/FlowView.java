package org.millrace.jetty.admin;

import java.util.Optional;

/**
 * What the edge knows of a connection besides what the engine knows.
 *
 * @param listener its name in the configuration.
 * @param path of the opening handshake.
 * @param subProtocol as in Sec-WebSocket-Protocol, in lower case; empty for none.
 * @param secure whether the socket is TLS.
 * @param identity whom the client has proven to be.
 * @param core whether it is a connection with the core, and not a client's.
 */
public record FlowView(
    String listener,
    String path,
    String subProtocol,
    boolean secure,
    Optional<String> identity,
    boolean core) {
  /** Of a connection with the core, by the name of its core socket. */
  public static FlowView ofCore(String socket, boolean secure) {
    return new FlowView(socket, "", "sip", secure, Optional.empty(), true);
  }
}
