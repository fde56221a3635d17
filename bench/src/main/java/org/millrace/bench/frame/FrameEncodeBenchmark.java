package org.millrace.bench.frame;

import io.netty.buffer.PooledByteBufAllocator;
import java.util.concurrent.TimeUnit;
import org.millrace.bench.jmh.JmhSettings;
import org.millrace.engine.frame.Role;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One text frame from payload bytes in a direct buffer to bytes for the wire.
 *
 * <p>Clients mask: Millrace with keys as unpredictable as the RFC demands, Netty with those of a
 * fast generator, Jetty with one key for all, since its connection draws them. Millrace and Jetty
 * copy the payload behind the header; Netty does so only up to 1 KiB or when it masks, and above
 * hands payload and header on as two buffers, so that its large server frames are headers only.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    jvmArgsAppend = {
      JmhSettings.NETTY_EXECUTOR,
      JmhSettings.NETTY_EXECUTOR_CLASS,
      JmhSettings.NETTY_NO_LEAK_DETECTION
    })
public class FrameEncodeBenchmark {
  @Param({"64", "600", "1500", "16384", "65536"})
  int size;

  @Param({"SERVER", "CLIENT"})
  Role role;

  byte[] payload;
  MillraceEncode millrace;
  JettyEncode jetty;
  NettyEncode netty;

  @Setup
  public void prepare() {
    payload = Content.ASCII.texts(size)[0];
    millrace = new MillraceEncode(role, payload);
    jetty = new JettyEncode(role, payload);
    netty = new NettyEncode(role, payload, PooledByteBufAllocator.DEFAULT);
  }

  @TearDown
  public void release() {
    netty.close();
  }

  /** Answers the length of the frame, as do the others. */
  @Benchmark
  public int millrace() {
    return millrace.encode();
  }

  @Benchmark
  public int jetty() {
    return jetty.encode();
  }

  @Benchmark
  public int netty() {
    return netty.encode();
  }
}
