package org.millrace.bench.shard;

import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.MessageHandler;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.GroupThreads;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One record through the ring and nothing else: claim, copy, commit, read. {@link #oneThread} is
 * what that costs when nobody waits for anybody. In {@link #producer} and {@link #consumer} two
 * threads do it at full speed, and what counts there is {@code accepted}, the time for each record
 * that found room, and {@code refused}, how often there was none.
 */
@State(Scope.Group)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RingHandOffBenchmark {
  private static final int RECORDS_PER_READ = 256;

  @Param({"64", "600", "1500"})
  int size;

  /** Sum of the ids read. */
  long ids;

  private final MessageHandler sum = (type, buffer, index, length) -> ids += buffer.getLong(index);
  private HandOffRing ring;

  @Setup
  public void prepare() {
    ring = new HandOffRing(Texts.ascii(size));
  }

  /** Records that found room: time for each. */
  @State(Scope.Thread)
  @AuxCounters
  public static class Accepted {
    public long accepted;
  }

  /** Records that did not: how many in an iteration. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Refused {
    public long refused;
  }

  @Benchmark
  @Group("oneThread")
  @GroupThreads
  public long oneThread() {
    ring.offer(1);
    while (ring.read(sum, 1) == 0) {
      // a record that fills up the end of the ring counts for none
    }
    return ids;
  }

  @Benchmark
  @Group("twoThreads")
  @GroupThreads
  public void producer(Accepted accepted, Refused refused) {
    if (ring.offer(1)) {
      accepted.accepted++;
    } else {
      refused.refused++;
      Thread.onSpinWait();
    }
  }

  @Benchmark
  @Group("twoThreads")
  @GroupThreads
  public int consumer() {
    return ring.read(sum, RECORDS_PER_READ);
  }
}
