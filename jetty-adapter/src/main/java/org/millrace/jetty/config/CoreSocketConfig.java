package org.millrace.jetty.config;

import java.util.Optional;
import java.util.OptionalInt;
import org.millrace.engine.sip.CoreTransport;

/**
 * An address of this side that the core knows. UDP, TCP and TLS are listened on; connections that
 * are made leave from the host's address. WS and WSS are made only, never accepted.
 *
 * @param name for logs and messages; the key in the configuration.
 * @param id as {@link org.millrace.engine.sip.CoreSocket#id}: return tokens have it.
 * @param host to bind to, an address.
 * @param port to bind to; 0 for any free one; of no use with WS and WSS.
 * @param advertisedHost what Via, Path and Record-Route say; empty for the host, which then must
 *     not be a wildcard.
 * @param advertisedPort likewise; empty for the port, with WS and WSS for their default port.
 * @param tls for connections that are accepted; with TLS only.
 * @param connection rules for connections that are accepted.
 * @param maxConnections most that the core may have made here at a time; TCP and TLS only.
 * @param receiveBuffer SO_RCVBUF of a UDP socket in bytes; 0 for the system's.
 * @param sendBuffer SO_SNDBUF likewise.
 */
public record CoreSocketConfig(
    String name,
    int id,
    CoreTransport transport,
    String host,
    int port,
    Optional<String> advertisedHost,
    OptionalInt advertisedPort,
    Optional<TlsConfig> tls,
    CoreConnectionConfig connection,
    int maxConnections,
    int receiveBuffer,
    int sendBuffer) {}
