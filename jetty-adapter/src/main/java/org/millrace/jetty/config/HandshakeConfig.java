package org.millrace.jetty.config;

import java.time.Duration;

/**
 * Limits of opening handshakes.
 *
 * @param timeout from accepting a connection to the end of its request head, TLS included.
 * @param maxRequestLine bytes; longer gets 414.
 * @param maxHead bytes; longer gets 431.
 * @param maxFields more get 431.
 * @param maxPipelined bytes behind a request head that are kept for after the 101.
 * @param firstFrameDelay no frame of our own accord leaves sooner after the 101.
 * @param lingerTimeout how long a refused connection is drained.
 */
public record HandshakeConfig(
    Duration timeout,
    int maxRequestLine,
    int maxHead,
    int maxFields,
    int maxPipelined,
    Duration firstFrameDelay,
    Duration lingerTimeout) {}
