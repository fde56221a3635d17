package org.millrace.jetty.config;

import java.time.Duration;

/**
 * How many may connect, and how fast.
 *
 * @param connections in all, from accept to close; more get 503.
 * @param connectionsPerAddress 0 for no limit; more get 429.
 * @param handshakesPerSecond in all, as a token bucket; 0 for no limit; more get 503.
 * @param handshakeBurst size of that bucket.
 * @param handshakesPerSecondPerAddress 0 for no limit; more get 429.
 * @param handshakeBurstPerAddress size of that bucket.
 * @param ipv6PrefixLength addresses that share this prefix count as one.
 * @param addresses remembered at most; the least recently seen give way.
 * @param retryAfter what Retry-After says.
 */
public record LimitsConfig(
    int connections,
    int connectionsPerAddress,
    int handshakesPerSecond,
    int handshakeBurst,
    int handshakesPerSecondPerAddress,
    int handshakeBurstPerAddress,
    int ipv6PrefixLength,
    int addresses,
    Duration retryAfter) {}
