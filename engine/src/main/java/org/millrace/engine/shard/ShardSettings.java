package org.millrace.engine.shard;

import org.agrona.ErrorHandler;
import org.agrona.concurrent.NanoClock;
import org.millrace.engine.connection.ConnectionListener;
import org.millrace.engine.frame.MaskingKeys;
import org.millrace.engine.status.SharedCounters;

/**
 * What a shard is made with. Validated by the engine's context.
 *
 * @param index of the shard, 0 to 255.
 * @param clock nanoseconds since the engine's start, never negative.
 * @param ringCapacity bytes, a power of two.
 * @param maxConnections most connections at once, 1 to 2^24.
 * @param recordsPerCycle most ring records read in a duty cycle.
 * @param signalsPerCycle most signalled connections looked at in a duty cycle.
 * @param timersPerCycle most timers fired in a duty cycle.
 * @param bufferMemoryLimit most bytes of pooled buffers in use.
 * @param bufferMemoryRetained most bytes of pooled buffers kept for reuse.
 * @param cycleThresholdNs a duty cycle longer than this counts as a stall.
 * @param stopTimeoutNs time for connections to close when the engine stops.
 * @param maskingKeys for the client role.
 * @param shared counters of the whole engine.
 * @param seed of jitter, ping payloads and the ids of connections.
 */
public record ShardSettings(
    int index,
    NanoClock clock,
    int ringCapacity,
    int maxConnections,
    int recordsPerCycle,
    int signalsPerCycle,
    int timersPerCycle,
    long bufferMemoryLimit,
    long bufferMemoryRetained,
    long cycleThresholdNs,
    long stopTimeoutNs,
    MaskingKeys maskingKeys,
    ErrorHandler errors,
    ConnectionListener listener,
    SharedCounters shared,
    long seed) {}
