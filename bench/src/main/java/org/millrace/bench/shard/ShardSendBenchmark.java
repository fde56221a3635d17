package org.millrace.bench.shard;

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
 * Messages that another thread sends: into the ring, then one duty cycle that encodes and writes
 * them. Each goes to a connection of its own. One thread does it all, as in {@link
 * ShardCycleBenchmark}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ShardSendBenchmark {
  @Param({"64", "600", "16384"})
  int size;

  private EchoShard shard;

  @Setup
  public void prepare() {
    shard = new EchoShard(EchoShard.Spread.CONNECTIONS, Texts.ascii(size), batch -> {});
  }

  @TearDown
  public void close() {
    shard.close();
  }

  @Benchmark
  public long batch1() {
    return shard.send(1);
  }

  @Benchmark
  @OperationsPerInvocation(16)
  public long batch16() {
    return shard.send(16);
  }

  @Benchmark
  @OperationsPerInvocation(256)
  public long batch256() {
    return shard.send(256);
  }
}
