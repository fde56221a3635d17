package org.millrace.jetty.handshake;

import java.time.InstantSource;

/**
 * What all listeners of a process share in judging opening handshakes.
 *
 * @param clock time of day, for nonces and tokens.
 */
public record Handshakes(
    HandshakeSwitch gate,
    HandshakeLimits limits,
    HandshakeCounters counters,
    RefusalLog log,
    InstantSource clock) {}
