package org.millrace.bench.frame;

import io.netty.buffer.PooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.millrace.bench.jmh.JmhSettings;
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
 * One masked text frame from bytes in a buffer to valid, unmasked text.
 *
 * <p>Decoding unmasks in place, so every operation first copies a masked frame into the buffer that
 * is decoded. A copy rather than masking again, because that is what happens on the way in (the
 * wire copies into the ring), and because it costs every peer the same whatever its masking is
 * like. It is part of every figure; {@link #copyBaseline} shows it alone.
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
public class FrameDecodeBenchmark {
  @Param({"64", "600", "1500", "16384", "65536"})
  int size;

  @Param({"ascii", "mixed"})
  String content;

  MaskedFrames frames;
  ByteBuffer copy;
  MillraceDecode millrace;
  JettyDecode jetty;
  NettyDecode netty;

  @Setup
  public void prepare() {
    frames = new MaskedFrames(Content.of(content).texts(size));
    copy = Buffers.nativeOrder(frames.frameLength());
    millrace = new MillraceDecode(frames);
    jetty = new JettyDecode(frames);
    netty = new NettyDecode(frames, PooledByteBufAllocator.DEFAULT);
  }

  @TearDown
  public void release() {
    netty.close();
  }

  /** What the copy costs that every other method here begins with. */
  @Benchmark
  public ByteBuffer copyBaseline() {
    frames.copyNext(copy);
    return copy;
  }

  @Benchmark
  public int millrace() {
    return millrace.decode();
  }

  /** As for every text message: validated by decoding it to a String. */
  @Benchmark
  public int jetty() {
    return jetty.decodeMessage();
  }

  /** With the check of Jetty's optional validation extension and no String. */
  @Benchmark
  public int jettyValidationOnly() {
    return jetty.decodeFrame();
  }

  @Benchmark
  public int netty() {
    return netty.decode();
  }
}
