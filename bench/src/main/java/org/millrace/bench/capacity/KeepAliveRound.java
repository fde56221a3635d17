package org.millrace.bench.capacity;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.millrace.engine.status.EngineCounter;

/**
 * Keeps every connection alive once: the clock goes on, tick by tick, until each has been pinged
 * and its pong confirmed.
 *
 * <p>A duty cycle counts with the CPU time of its thread and with the collector's pauses within it.
 * The time for which the machine ran something else instead is no stall of the engine; it shows in
 * the wall time, which is given beside it.
 */
final class KeepAliveRound {
  private static final Duration TICK = Duration.ofMillis(4);

  /** Pings that find their tick of the wheel full leave later than the time-out. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ManyConnections connections;
  private final com.sun.management.ThreadMXBean threads =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final Histogram cyclesNs = new Histogram(3);
  private final List<GarbageCollectorMXBean> collectors =
      ManagementFactory.getGarbageCollectorMXBeans();
  private long cpuNs;
  private long allocated;
  private long longestWallNs;

  KeepAliveRound(ManyConnections connections) {
    this.connections = connections;
  }

  /**
   * What a round was like.
   *
   * @param cyclesNs of each duty cycle CPU time and pauses.
   * @param longestWallNs longest duty cycle by the clock on the wall.
   * @param cpuNs of all duty cycles.
   * @param allocated bytes, in all duty cycles.
   * @param pausesMs of the garbage collector during the round.
   */
  record Outcome(
      long pings,
      long pongs,
      long deadPeers,
      Histogram cyclesNs,
      long longestWallNs,
      long cpuNs,
      long allocated,
      long pausesMs) {
    long cyclesOver(Duration limit) {
      return cyclesNs.getCountBetweenValues(limit.toNanos() + 1, Long.MAX_VALUE);
    }
  }

  Outcome run() {
    final long open = connections.count(EngineCounter.CURRENT_CONNECTIONS);
    final long pings = connections.count(EngineCounter.PINGS_SENT);
    final long pongs = connections.count(EngineCounter.PONGS_CONFIRMED);
    final long dead = connections.count(EngineCounter.DEAD_PEERS);
    final long pauses = pausesMs();
    Duration left = connections.rules().keepAliveTimeout().plus(PATIENCE);
    while (connections.count(EngineCounter.PONGS_CONFIRMED) - pongs < open && !left.isNegative()) {
      connections.advance(TICK);
      left = left.minus(TICK);
      while (timedCycle() + connections.peers().answer(Integer.MAX_VALUE) > 0) {
        // all that is due in this tick
      }
    }
    return new Outcome(
        connections.count(EngineCounter.PINGS_SENT) - pings,
        connections.count(EngineCounter.PONGS_CONFIRMED) - pongs,
        connections.count(EngineCounter.DEAD_PEERS) - dead,
        cyclesNs,
        longestWallNs,
        cpuNs,
        allocated,
        pausesMs() - pauses);
  }

  private int timedCycle() {
    final long startPausesMs = pausesMs();
    final long startAllocated = threads.getCurrentThreadAllocatedBytes();
    final long startNs = System.nanoTime();
    final long startCpuNs = threads.getCurrentThreadCpuTime();
    final int work = connections.cycle();
    final long cycleCpuNs = threads.getCurrentThreadCpuTime() - startCpuNs;
    longestWallNs = Math.max(longestWallNs, System.nanoTime() - startNs);
    allocated += threads.getCurrentThreadAllocatedBytes() - startAllocated;
    cpuNs += cycleCpuNs;
    cyclesNs.recordValue(cycleCpuNs + TimeUnit.MILLISECONDS.toNanos(pausesMs() - startPausesMs));
    return work;
  }

  private long pausesMs() {
    long sum = 0;
    for (int i = 0; i < collectors.size(); i++) {
      sum += collectors.get(i).getCollectionTime();
    }
    return sum;
  }
}
