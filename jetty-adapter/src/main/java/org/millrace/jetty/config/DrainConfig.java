package org.millrace.jetty.config;

import java.time.Duration;

/**
 * What happens on SIGTERM.
 *
 * @param grace between readiness off and the first close, for load balancers to notice.
 * @param duration over which the closes are spread.
 * @param timeout after which whatever is left is dropped.
 */
public record DrainConfig(Duration grace, Duration duration, Duration timeout) {}
