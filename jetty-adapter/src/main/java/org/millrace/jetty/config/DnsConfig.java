package org.millrace.jetty.config;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * How names of the core are looked up (C-71).
 *
 * @param servers to ask, in this order; empty for those of the system.
 * @param timeout for one server's answer.
 * @param minTtl an answer is kept at least so long.
 * @param maxTtl an answer is kept at most so long.
 */
public record DnsConfig(
    List<InetSocketAddress> servers, Duration timeout, Duration minTtl, Duration maxTtl) {}
