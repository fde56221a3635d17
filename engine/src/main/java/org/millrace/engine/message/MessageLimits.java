package org.millrace.engine.message;

/**
 * How long, and in how many pieces, a message may take to arrive. Size and frames are decided on
 * frame headers, by {@link org.millrace.engine.frame.FrameRules}. Immutable.
 *
 * @param maxReads most transport reads that one message may be spread over (OpenSIPS {@code
 *     ws_max_msg_chunks}).
 * @param timeoutNs longest time from a message's first byte to its last, in nanoseconds.
 * @param minRate least bytes a second over a message's time so far, counted on the wire; 0 for no
 *     bound.
 * @param minRateGraceNs time before the rate is looked at, in nanoseconds.
 */
public record MessageLimits(int maxReads, long timeoutNs, int minRate, long minRateGraceNs) {}
