package org.millrace.jetty.config;

import java.time.Duration;

/**
 * Rules for connections with the core once they are open.
 *
 * @param keepAlive time without a received byte after which CRLF CRLF, or with WS a ping, is sent
 *     (C-68).
 * @param keepAliveAnswer time after that in which something must arrive.
 * @param maxMessageSize largest message that is taken, in bytes.
 * @param acceptWithoutLength whether a message without Content-Length has no body (C-66); else it
 *     ends the connection.
 * @param sendTimeout longest time for one write.
 * @param sendQueue bytes that may wait to be written; more end the connection.
 */
public record CoreConnectionConfig(
    Duration keepAlive,
    Duration keepAliveAnswer,
    int maxMessageSize,
    boolean acceptWithoutLength,
    Duration sendTimeout,
    int sendQueue) {}
