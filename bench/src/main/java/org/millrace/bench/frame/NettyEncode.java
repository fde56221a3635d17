package org.millrace.bench.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import org.millrace.engine.frame.Role;

/**
 * Netty's frame encoder in a pipeline; a handler before it takes the buffers, so that there is no
 * channel to write them to and no promise to keep.
 */
final class NettyEncode {
  private final ByteBuf payload;
  private final Taker taker = new Taker();
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final ChannelPipeline pipeline = channel.pipeline();
  private final ChannelPromise noPromise = channel.voidPromise();

  NettyEncode(Role role, byte[] payload, ByteBufAllocator allocator) {
    this.payload = allocator.directBuffer(payload.length).writeBytes(payload);
    channel.config().setAllocator(allocator);
    pipeline.addLast(taker, new WebSocket13FrameEncoder(role == Role.CLIENT));
  }

  /** Returns the length of the frame. */
  @SuppressWarnings("FutureReturnValueIgnored") // It is the void promise.
  int encode() {
    taker.length = 0;
    // The encoder reads the payload up, and releases it with the frame.
    pipeline.write(new TextWebSocketFrame(payload.readerIndex(0).retain()), noPromise);
    return taker.length;
  }

  /** Has the bytes of later frames gathered in {@code frames}. */
  void keepIn(ByteBuf frames) {
    taker.kept = frames;
  }

  void close() {
    channel.finishAndReleaseAll();
    payload.release();
  }

  private static final class Taker extends ChannelOutboundHandlerAdapter {
    private int length;
    private ByteBuf kept;

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      final ByteBuf bytes = (ByteBuf) message;
      length += bytes.readableBytes();
      if (kept != null) {
        kept.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
      }
      bytes.release();
    }
  }
}
