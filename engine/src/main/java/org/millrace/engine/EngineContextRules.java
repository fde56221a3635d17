package org.millrace.engine;

import static org.millrace.engine.connection.ConfigurationException.atLeast;
import static org.millrace.engine.connection.ConfigurationException.inRange;
import static org.millrace.engine.connection.ConfigurationException.require;

import java.time.Duration;
import org.agrona.BitUtil;
import org.millrace.engine.shard.ConnectionId;

/** What the settings of an {@link EngineContext} may be, alone and together. */
final class EngineContextRules {
  private static final int LEAST_RING = 64 * 1024;
  private static final int LARGEST_RING = 1 << 30;
  private static final long LEAST_BUFFER_MEMORY = 64L * 1024;

  private EngineContextRules() {}

  static void check(EngineContext context) {
    validateShards(context);
    validateRing(context);
    validateCycle(context);
    validateMemory(context);
  }

  private static void validateShards(EngineContext context) {
    inRange("shards", context.shards(), 1, ConnectionId.MAX_SHARDS);
    require(
        context.maxConnections() >= context.shards()
            && context.maxConnections() <= (long) context.shards() * ConnectionId.MAX_SLOTS,
        "maxConnections",
        context.maxConnections(),
        "must be at least one and at most "
            + ConnectionId.MAX_SLOTS
            + " for each of the "
            + context.shards()
            + " shards");
    for (final Object[] required :
        new Object[][] {
          {"threadingMode", context.threadingMode()},
          {"nanoClock", context.nanoClock()},
          {"epochClock", context.epochClock()},
          {"listener", context.listener()},
          {"maskingKeys", context.maskingKeys()},
          {"threadFactory", context.threadFactory()}
        }) {
      require(required[1] != null, (String) required[0], null, "must be set");
    }
  }

  private static void validateRing(EngineContext context) {
    require(
        BitUtil.isPowerOfTwo(context.ringCapacity()),
        "ringCapacity",
        context.ringCapacity(),
        "must be a power of two, the nearest is " + nearestPowerOfTwo(context.ringCapacity()));
    inRange("ringCapacity", context.ringCapacity(), LEAST_RING, LARGEST_RING);
  }

  private static int nearestPowerOfTwo(int value) {
    final int above = BitUtil.findNextPositivePowerOfTwo(Math.max(LEAST_RING, value));
    final int nearest = above - value > value - above / 2 ? above / 2 : above;
    return Math.max(LEAST_RING, nearest < 0 ? LARGEST_RING : nearest);
  }

  private static void validateCycle(EngineContext context) {
    atLeast("recordsPerCycle", context.recordsPerCycle(), 1);
    atLeast("signalsPerCycle", context.signalsPerCycle(), 1);
    atLeast("timersPerCycle", context.timersPerCycle(), 1);
    atLeast("idleSpins", context.idleSpins(), 0);
    atLeast("cycleThreshold", context.cycleThreshold(), Duration.ofMillis(1));
    atLeast("stopTimeout", context.stopTimeout(), Duration.ofMillis(1));
  }

  private static void validateMemory(EngineContext context) {
    atLeast(
        "bufferMemoryLimit", context.bufferMemoryLimit(), LEAST_BUFFER_MEMORY * context.shards());
    atLeast("bufferMemoryRetained", context.bufferMemoryRetained(), 0);
    require(
        context.bufferMemoryRetained() <= context.bufferMemoryLimit(),
        "bufferMemoryRetained",
        context.bufferMemoryRetained(),
        "must not be above bufferMemoryLimit=" + context.bufferMemoryLimit());
    atLeast("errorLogLength", context.errorLogLength(), 4096);
  }
}
