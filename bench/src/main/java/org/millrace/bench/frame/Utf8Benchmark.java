package org.millrace.bench.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.Utf8StringBuilder;
import org.millrace.bench.jmh.JmhSettings;
import org.millrace.engine.frame.Utf8;
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
 * Validation of one text that is already unmasked.
 *
 * <p>Netty's validator is not public, so it runs in its pipeline handler; Jetty's only check is the
 * decoding to a String.
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
public class Utf8Benchmark {
  @Param({"64", "600", "1500", "16384", "65536"})
  int size;

  @Param({"ascii", "mixed"})
  String content;

  private ByteBuffer millraceTexts;
  private int stride;
  private int end;
  private int next;

  private ByteBuffer jettyTexts;
  private final Utf8StringBuilder jettyBuilder = new Utf8StringBuilder();

  private TextWebSocketFrame[] nettyFrames;
  private final EmbeddedChannel nettyChannel = new EmbeddedChannel();
  private final ChannelPipeline nettyPipeline = nettyChannel.pipeline();
  private final NettyVerdict nettyVerdict = new NettyVerdict();

  public Utf8Benchmark() {
    nettyPipeline.addLast(new Utf8FrameValidator(false), nettyVerdict);
  }

  @Setup
  public void prepare() {
    validate(Content.of(content).texts(size));
  }

  /** Takes {@code texts}, all of {@code size} bytes, for those to validate. */
  void validate(byte[]... texts) {
    stride = Buffers.stride(size);
    end = stride * texts.length;
    next = 0;
    millraceTexts = Buffers.nativeOrder(end);
    jettyTexts = Buffers.bigEndian(end);
    nettyFrames = new TextWebSocketFrame[texts.length];
    for (int i = 0; i < texts.length; i++) {
      millraceTexts.put(i * stride, texts[i]);
      jettyTexts.put(i * stride, texts[i]);
      final ByteBuf text = PooledByteBufAllocator.DEFAULT.directBuffer(size).writeBytes(texts[i]);
      nettyFrames[i] = new TextWebSocketFrame(text);
    }
  }

  @TearDown
  public void release() {
    for (TextWebSocketFrame frame : nettyFrames) {
      // The validator has released a frame that it refused.
      if (frame.refCnt() > 0) {
        frame.release();
      }
    }
    nettyChannel.finishAndReleaseAll();
  }

  private int advance() {
    final int at = next;
    next = at + stride == end ? 0 : at + stride;
    return at;
  }

  @Benchmark
  public boolean millrace() {
    return Utf8.isValid(millraceTexts, advance(), size);
  }

  @Benchmark
  public String jetty() {
    final int at = advance();
    jettyBuilder.append(jettyTexts.clear().position(at).limit(at + size));
    final String text =
        jettyBuilder.takeCompleteString(() -> new InvalidFrameException("not UTF-8"));
    jettyBuilder.reset();
    return text;
  }

  @Benchmark
  public boolean netty() {
    nettyVerdict.valid = false;
    // The validator only reads, and the handler behind it keeps the frame.
    nettyPipeline.fireChannelRead(nettyFrames[advance() / stride]);
    return nettyVerdict.valid;
  }

  private static final class NettyVerdict extends ChannelInboundHandlerAdapter {
    private boolean valid;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      valid = true;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      valid = false;
    }
  }
}
