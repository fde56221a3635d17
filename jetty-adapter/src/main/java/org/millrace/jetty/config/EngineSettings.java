package org.millrace.jetty.config;

import java.time.Duration;
import java.util.Optional;
import org.millrace.engine.EngineContext;
import org.millrace.engine.connection.ConfigurationException;

/** Reads the {@code engine} section; its keys are the settings of {@link EngineContext}. */
record EngineSettings(
    Optional<Integer> shards,
    int maxConnections,
    int ringCapacity,
    int recordsPerCycle,
    int signalsPerCycle,
    int timersPerCycle,
    long bufferMemoryLimit,
    long bufferMemoryRetained,
    int idleSpins,
    Duration cycleThreshold,
    Duration stopTimeout,
    int errorLogLength) {
  private static final int MAX_SHARDS = 256;
  private static final int LEAST_RING = 64 * 1024;
  private static final int LARGEST_RING = 1 << 30;
  private static final long LEAST_BUFFER_MEMORY = 64L * 1024;
  private static final long LARGEST_MEMORY = 1L << 50;
  private static final int LEAST_ERROR_LOG = 4096;

  static EngineSettings read(Section section, int connections) {
    final EngineSettings settings =
        new EngineSettings(
            section.integerOrAuto("shards", 1, MAX_SHARDS),
            section.integerOrAuto("max-connections", 1, Integer.MAX_VALUE).orElse(connections),
            section.intSize("ring-capacity", LEAST_RING, LARGEST_RING),
            section.integer("records-per-cycle", 1, Integer.MAX_VALUE),
            section.integer("signals-per-cycle", 1, Integer.MAX_VALUE),
            section.integer("timers-per-cycle", 1, Integer.MAX_VALUE),
            section.size("buffer-memory-limit", LEAST_BUFFER_MEMORY, LARGEST_MEMORY),
            section.size("buffer-memory-retained", 0, LARGEST_MEMORY),
            section.integer("idle-spins", 0, Integer.MAX_VALUE),
            section.duration("cycle-threshold", Limits.TICK, Limits.LONGEST),
            section.duration("stop-timeout", Limits.TICK, Limits.LONGEST),
            section.intSize("error-log-length", LEAST_ERROR_LOG, Integer.MAX_VALUE));
    section.close();
    settings.check(section, connections);
    return settings;
  }

  private void check(Section section, int connections) {
    section.require(
        maxConnections >= connections,
        "max-connections",
        "must not be below limits.connections = " + connections);
    section.require(
        Integer.bitCount(ringCapacity) == 1,
        "ring-capacity",
        "must be a power of two, such as " + Units.of((long) Integer.highestOneBit(ringCapacity)));
    section.requireBoth(
        bufferMemoryRetained <= bufferMemoryLimit,
        "buffer-memory-retained",
        "buffer-memory-limit",
        "buffer-memory-retained = "
            + Units.of(bufferMemoryRetained)
            + " must not be above buffer-memory-limit = "
            + Units.of(bufferMemoryLimit));
    if (section.hasFailed()) {
      return;
    }
    try {
      newContext().conclude();
    } catch (ConfigurationException e) {
      Limits.report(section, e);
    }
  }

  /** Not yet concluded. */
  EngineContext newContext() {
    final EngineContext context = new EngineContext();
    shards.ifPresent(context::shards);
    return context
        .maxConnections(Math.max(maxConnections, context.shards()))
        .ringCapacity(ringCapacity)
        .recordsPerCycle(recordsPerCycle)
        .signalsPerCycle(signalsPerCycle)
        .timersPerCycle(timersPerCycle)
        .bufferMemoryLimit(bufferMemoryLimit)
        .bufferMemoryRetained(bufferMemoryRetained)
        .idleSpins(idleSpins)
        .cycleThreshold(cycleThreshold)
        .stopTimeout(stopTimeout)
        .errorLogLength(errorLogLength);
  }
}
