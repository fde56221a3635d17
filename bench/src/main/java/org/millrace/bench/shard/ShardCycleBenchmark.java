package org.millrace.bench.shard;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The whole way of masked text frames through the engine but for sockets: delivered into the ring,
 * then one duty cycle that reads, unmasks, validates, hands them to a handler that echoes, encodes
 * and writes them to a wire that takes everything at once. One thread does it all, so a figure is
 * the work of transport and shard together, for one message, without the waking.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ShardCycleBenchmark {
  @Param({"64", "600", "16384"})
  int size;

  /** See {@link EchoShard.Spread}. */
  @Param({"connections", "reads", "read"})
  String spread;

  private EchoShard shard;

  @Setup
  public void prepare() {
    shard =
        new EchoShard(
            EchoShard.Spread.valueOf(spread.toUpperCase(Locale.ROOT)),
            Texts.ascii(size),
            batch -> {});
  }

  @TearDown
  public void close() {
    shard.close();
  }

  @Benchmark
  public long batch1() {
    return shard.echo(1);
  }

  @Benchmark
  @OperationsPerInvocation(16)
  public long batch16() {
    return shard.echo(16);
  }

  @Benchmark
  @OperationsPerInvocation(256)
  public long batch256() {
    return shard.echo(256);
  }
}
