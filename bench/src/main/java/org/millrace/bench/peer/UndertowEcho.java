package org.millrace.bench.peer;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import java.net.InetSocketAddress;
import java.util.List;
import org.xnio.Options;

/** Undertow's native WebSocket API: a listener that is given each message as a string. */
final class UndertowEcho implements RunningPeer {
  private final List<Undertow.ListenerInfo> listeners;

  UndertowEcho(Identity identity) throws Exception {
    final Undertow undertow =
        Undertow.builder()
            .addHttpListener(0, HOST)
            .addHttpsListener(0, HOST, identity.serverContext())
            .setServerOption(UndertowOptions.ENABLE_HTTP2, false)
            .setSocketOption(Options.BACKLOG, BACKLOG)
            .setHandler(
                Handlers.path()
                    .addExactPath(
                        PATH,
                        Handlers.websocket(
                            (exchange, channel) -> {
                              channel.getReceiveSetter().set(new Listener());
                              channel.resumeReceives();
                            })))
            .build();
    undertow.start();
    listeners = undertow.getListenerInfo();
  }

  @Override
  public int port() {
    return port(0);
  }

  @Override
  public int securePort() {
    return port(1);
  }

  private int port(int listener) {
    return ((InetSocketAddress) listeners.get(listener).getAddress()).getPort();
  }

  @Override
  public String note() {
    return "a receive listener of the native API: whole messages as strings, sent back with a"
        + " callback; default I/O threads, workers and buffers; TLS by the JDK";
  }

  private static final class Listener extends AbstractReceiveListener {
    @Override
    protected void onFullTextMessage(WebSocketChannel channel, BufferedTextMessage message) {
      WebSockets.sendText(message.getData(), channel, null);
    }
  }
}
