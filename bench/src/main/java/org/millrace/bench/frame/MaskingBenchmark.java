package org.millrace.bench.frame;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.millrace.engine.frame.Masking;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Masking in place, alone; that unmasking is the same operation lets it run over the same bytes for
 * ever. The copy of as many bytes between direct buffers is what memory allows.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MaskingBenchmark {
  static final int KEY = 0x37FA213D;

  @Param({"64", "600", "1500", "16384", "65536"})
  int size;

  /** Offset of the payload from a cache line; frames lie packed, so any is as likely as 0. */
  @Param({"0", "3"})
  int alignment;

  ByteBuffer payload;
  ByteBuffer copy;

  @Setup
  public void prepare() {
    payload = Buffers.nativeOrder(alignment + size);
    payload.put(alignment, Content.ASCII.texts(size)[0]);
    copy = Buffers.nativeOrder(alignment + size);
  }

  @Benchmark
  public int millrace() {
    return Masking.apply(payload, alignment, size, KEY);
  }

  @Benchmark
  public ByteBuffer copyBaseline() {
    return copy.put(alignment, payload, alignment, size);
  }
}
