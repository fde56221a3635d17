package org.millrace.bench.jmh;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * Adds the CPU time per operation to every result, of the whole JVM and so of its collector, too.
 *
 * <p>On an idle machine it equals the time per operation of a single thread. On one that is shared
 * it leaves out the time for which the benchmark was not running at all, and so is the figure to
 * compare by. JMH makes it by reflection.
 */
public final class CpuTime implements InternalProfiler {
  /** Name of the secondary result, in nanoseconds. */
  public static final String LABEL = "cpu.time.norm";

  private final OperatingSystemMXBean process =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private long before;

  @Override
  public String getDescription() {
    return "CPU time per operation";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    before = process.getProcessCpuTime();
  }

  @Override
  public Collection<? extends Result<?>> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    final double used = process.getProcessCpuTime() - before;
    final long operations = result.getMetadata().getAllOps();
    return List.of(
        new ScalarResult(
            LABEL,
            operations == 0 ? Double.NaN : used / operations,
            "ns/op",
            AggregationPolicy.AVG));
  }
}
