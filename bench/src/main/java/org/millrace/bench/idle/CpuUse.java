package org.millrace.bench.idle;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;
import org.millrace.engine.status.EngineCounter;

/**
 * CPU over some seconds, in percent of one core.
 *
 * @param shard the shard's thread.
 * @param jvm the whole process but for the threads that play the peers and that measure.
 * @param pings sent in that time.
 */
record CpuUse(double shard, double jvm, long pings) {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  static CpuUse measure(IdleEngine engine, int seconds) throws InterruptedException {
    final long pings = engine.count(EngineCounter.PINGS_SENT);
    final long shardNs = threadNs(engine.shardThread());
    final long othersNs = threadNs(engine.peersThread()) + threadNs(Thread.currentThread());
    final long processNs = processNs();
    final long startNs = System.nanoTime();
    TimeUnit.SECONDS.sleep(seconds);
    final double percent = (System.nanoTime() - startNs) / 100.0;
    final long usedByOthersNs =
        threadNs(engine.peersThread()) + threadNs(Thread.currentThread()) - othersNs;
    return new CpuUse(
        (threadNs(engine.shardThread()) - shardNs) / percent,
        (processNs() - processNs - usedByOthersNs) / percent,
        engine.count(EngineCounter.PINGS_SENT) - pings);
  }

  private static long threadNs(Thread thread) {
    return THREADS.getThreadCpuTime(thread.getId());
  }

  private static long processNs() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
