package org.millrace.bench.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import java.nio.ByteBuffer;

/**
 * Netty's frame decoder and UTF-8 validator, as handlers in a pipeline, which is the only way in
 * which Netty runs them.
 *
 * <p>The bytes are fired straight into the pipeline and the frame is caught by a handler at its
 * end. {@code EmbeddedChannel.writeInbound} and {@code readInbound} would add queues, flushes and
 * task runs that a socket channel does not have, and read-complete events are left out, all to
 * Netty's advantage. Buffers are direct and pooled.
 */
final class NettyDecode {
  private final MaskedFrames frames;
  private final ByteBuf input;
  private final ByteBuffer inputMemory;
  private final Catcher catcher = new Catcher();
  private final EmbeddedChannel channel;
  private final ChannelPipeline pipeline;

  NettyDecode(MaskedFrames frames, ByteBufAllocator allocator) {
    this.frames = frames;
    channel = new EmbeddedChannel();
    channel.config().setAllocator(allocator);
    pipeline = channel.pipeline();
    pipeline.addLast(
        new WebSocket13FrameDecoder(
            WebSocketDecoderConfig.newBuilder()
                .expectMaskedFrames(true)
                .maxFramePayloadLength(1 << 20)
                .closeOnProtocolViolation(false)
                .build()),
        new Utf8FrameValidator(false),
        catcher);
    input = allocator.directBuffer(frames.frameLength());
    inputMemory = input.nioBuffer(0, frames.frameLength());
  }

  /** Returns the number of payload bytes. */
  int decode() {
    final TextWebSocketFrame frame = decodeFrame();
    final int length = frame.content().readableBytes();
    frame.release();
    return length;
  }

  /** The caller releases the frame. */
  TextWebSocketFrame decodeFrame() {
    frames.copyNext(inputMemory);
    input.setIndex(0, frames.frameLength());
    catcher.frame = null;
    // The decoder releases what it has used up.
    pipeline.fireChannelRead(input.retain());
    if (catcher.frame == null) {
      throw new InvalidFrameException(catcher.cause);
    }
    return (TextWebSocketFrame) catcher.frame;
  }

  void close() {
    channel.finishAndReleaseAll();
    input.release();
  }

  private static final class Catcher extends ChannelInboundHandlerAdapter {
    private Object frame;
    private Throwable cause;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      frame = message;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
      cause = thrown;
    }
  }
}
