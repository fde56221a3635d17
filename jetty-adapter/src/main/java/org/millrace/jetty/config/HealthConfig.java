package org.millrace.jetty.config;

import java.time.Duration;
import java.util.Set;

/**
 * How it is found out whether the targets of an upstream are well (C-69).
 *
 * @param enabled false takes all of them for well, unless no connection can be made.
 * @param interval between two requests to a target.
 * @param steadyInterval the same for a target that has been well for long.
 * @param timeout for the answer to one request.
 * @param upAfter good answers in a row.
 * @param downAfter failures in a row.
 * @param badStatuses of answers that are failures, besides 408 and 503.
 */
public record HealthConfig(
    boolean enabled,
    Duration interval,
    Duration steadyInterval,
    Duration timeout,
    int upAfter,
    int downAfter,
    Set<Integer> badStatuses) {}
