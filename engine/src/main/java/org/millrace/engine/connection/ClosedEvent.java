package org.millrace.engine.connection;

import java.net.SocketAddress;
import org.millrace.engine.frame.Violation;

/**
 * How a connection ended.
 *
 * <p>A stream has no Close: its code is that of the rule broken, if any; else 1005 if it has ended
 * as it should, both directions, between messages and with everything sent; else 1006.
 *
 * @param id of the connection.
 * @param initiator who ended it.
 * @param code the code of the Close received; if none was received, the code with which this side
 *     failed the connection, 1005 for an empty Close, else 1006 (RFC 6455 section 7.1.5).
 * @param reason the peer's words, or this side's for a connection that it closed or failed; never
 *     null.
 * @param sentCode the code of the Close that this side sent, 1005 for an empty one, 0 if none left.
 * @param violation the rule that was broken, or null.
 * @param clean whether a Close went both ways; of a stream, whether its code is 1005.
 * @param cause the error with which the transport ended, or null.
 * @param localAddress as the wire gave it, or null.
 * @param remoteAddress as the wire gave it, or null.
 */
public record ClosedEvent(
    long id,
    Initiator initiator,
    int code,
    String reason,
    int sentCode,
    Violation violation,
    boolean clean,
    Throwable cause,
    SocketAddress localAddress,
    SocketAddress remoteAddress) {}
