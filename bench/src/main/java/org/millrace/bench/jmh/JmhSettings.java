package org.millrace.bench.jmh;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * What every JMH run of this project has in common: nanoseconds per operation, beside them the CPU
 * time and the bytes allocated per operation, and the JVM flags that the engine needs.
 */
public final class JmhSettings {
  /**
   * For {@code @Fork(jvmArgsAppend)} of suites with Netty in them. Netty's thread-local caches work
   * at full speed on its own threads only, and its leak detector samples buffers by default; either
   * would make Netty look slower than it is.
   */
  public static final String NETTY_EXECUTOR = "-Djmh.executor=CUSTOM";

  /** Goes with {@link #NETTY_EXECUTOR}. */
  public static final String NETTY_EXECUTOR_CLASS =
      "-Djmh.executor.class=org.millrace.bench.jmh.NettyThreads";

  /** Goes with {@link #NETTY_EXECUTOR}. */
  public static final String NETTY_NO_LEAK_DETECTION = "-Dio.netty.leakDetection.level=disabled";

  private static final int UNSAFE_WARNINGS_SINCE = 24;

  private JmhSettings() {}

  /** Flags of the measured JVMs, which are of the same JDK as this one. */
  public static List<String> jvmFlags() {
    final List<String> flags = new ArrayList<>();
    flags.add("--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED");
    if (Runtime.version().feature() >= UNSAFE_WARNINGS_SINCE) {
      flags.add("--sun-misc-unsafe-memory-access=allow");
    }
    // Jetty logs through SLF4J, which says on stderr that it found nowhere to log to.
    flags.add("-Dslf4j.internal.verbosity=ERROR");
    return flags;
  }

  /**
   * Options to which a caller adds what to run.
   *
   * @param quick about 5 s a fork instead of 13 s; enough for ratios, not for small differences.
   */
  public static ChainedOptionsBuilder options(boolean quick) {
    return new OptionsBuilder()
        .mode(Mode.AverageTime)
        .timeUnit(TimeUnit.NANOSECONDS)
        .addProfiler(GCProfiler.class)
        .addProfiler(CpuTime.class)
        .jvmArgs(jvmFlags().toArray(String[]::new))
        .shouldFailOnError(true)
        .forks(quick ? 2 : 3)
        .warmupIterations(quick ? 3 : 5)
        .warmupTime(time(quick))
        .measurementIterations(quick ? 5 : 8)
        .measurementTime(time(quick));
  }

  private static TimeValue time(boolean quick) {
    return TimeValue.milliseconds(quick ? 500 : 1000);
  }
}
