package org.millrace.bench.peer;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Netty as its users set it up: the handlers of its own WebSocket example, the epoll transport with
 * one event loop, UTF-8 validation on (its default), frames passed back without a copy, and one
 * flush for all that was read at once.
 */
final class NettyEcho implements RunningPeer {
  private static final int MAX_REQUEST = 64 * 1024;

  private final Channel plain;
  private final Channel secure;

  NettyEcho(Identity identity) throws Exception {
    final IoHandlerFactory io =
        Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    final Class<? extends ServerChannel> channel =
        Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    final EventLoopGroup eventLoop = new MultiThreadIoEventLoopGroup(1, io);
    final ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(eventLoop)
            .channel(channel)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.TCP_NODELAY, true);
    final SslContext tls =
        SslContextBuilder.forServer(identity.keyManagers()).sslProvider(SslProvider.JDK).build();
    plain = listen(bootstrap.clone().childHandler(new Pipeline(Optional.empty())));
    secure = listen(bootstrap.clone().childHandler(new Pipeline(Optional.of(tls))));
  }

  private static Channel listen(ServerBootstrap bootstrap) {
    return bootstrap.bind(HOST, 0).syncUninterruptibly().channel();
  }

  @Override
  public int port() {
    return ((InetSocketAddress) plain.localAddress()).getPort();
  }

  @Override
  public int securePort() {
    return ((InetSocketAddress) secure.localAddress()).getPort();
  }

  @Override
  public String note() {
    return "the handlers of its WebSocket example, "
        + (Epoll.isAvailable() ? "epoll" : "NIO, for there is no epoll here")
        + ", one event loop; UTF-8 validated; frames passed back without a copy, one flush for all"
        + " that was read at once; TLS by the JDK, not by OpenSSL";
  }

  private static final class Pipeline extends ChannelInitializer<SocketChannel> {
    private final WebSocketServerProtocolConfig config =
        WebSocketServerProtocolConfig.newBuilder()
            .websocketPath(PATH)
            .decoderConfig(
                WebSocketDecoderConfig.newBuilder()
                    .expectMaskedFrames(true)
                    .withUTF8Validator(true)
                    .build())
            .build();
    private final EchoFrames echo = new EchoFrames();
    private final Optional<SslContext> tls;

    private Pipeline(Optional<SslContext> tls) {
      this.tls = tls;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
      tls.ifPresent(context -> channel.pipeline().addLast(context.newHandler(channel.alloc())));
      channel
          .pipeline()
          .addLast(
              new HttpServerCodec(),
              new HttpObjectAggregator(MAX_REQUEST),
              new WebSocketServerProtocolHandler(config),
              echo);
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // a failed write shows in what the client misses
  @Sharable
  private static final class EchoFrames extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object frame) {
      context.write(frame, context.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
