package org.millrace.jetty.handshake;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.core.util.WebSocketUtils;

/**
 * A small server with the gate in front of a handler that upgrades by hand and then sends back
 * every byte it gets.
 */
final class TestEdge implements AutoCloseable {
  final HandshakeSwitch gate = new HandshakeSwitch();
  final HandshakeCounters counters = new HandshakeCounters();
  final HandshakeLimits limits;
  final ListenerHandshakes handshakes;
  final BlockingQueue<AcceptedHandshake> accepted = new LinkedBlockingQueue<>();
  final BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
  final HandshakeConnector connector;

  /** That of all deadlines: none passes by itself, however slow the machine is. */
  final ManualTime time = new ManualTime();

  /** Whether the upgrade fails with an exception. */
  volatile boolean fails;

  private final Server server;

  TestEdge(TestConfig config) {
    this(config, Optional.empty());
  }

  TestEdge(TestConfig config, Optional<SslContextFactory.Server> tls) {
    limits = new HandshakeLimits(config.limits(), config.nanoClock());
    final Handshakes shared =
        new Handshakes(
            gate, limits, counters, new RefusalLog(100, System::nanoTime), InstantSource.system());
    handshakes = new ListenerHandshakes(config.edge(), config.listener(), shared);
    final QueuedThreadPool pool = new QueuedThreadPool(12, 4);
    pool.setName("edge");
    server = new Server(pool, time, null);
    connector =
        new HandshakeConnector(server, 1, 1, handshakes, factories(config, handshakes, tls));
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(new HandshakeGate(new UpgradeByHand(), Optional.of(new Page())));
    server.setErrorHandler(new BareErrors());
    try {
      server.start();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static ConnectionFactory[] factories(
      TestConfig config, ListenerHandshakes handshakes, Optional<SslContextFactory.Server> tls) {
    final List<ConnectionFactory> factories = new ArrayList<>();
    final HttpConnectionFactory http1 = HandshakeHttp.http1(handshakes);
    if (config.proxyProtocol()) {
      factories.add(
          new ProxyFromTrusted(handshakes, tls.isPresent() ? "SSL" : http1.getProtocol()));
    }
    tls.ifPresent(
        context -> {
          final HTTP2ServerConnectionFactory http2 = HandshakeHttp.http2(handshakes);
          final ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
          alpn.setDefaultProtocol(http1.getProtocol());
          factories.add(new SslConnectionFactory(context, alpn.getProtocol()));
          factories.add(alpn);
          factories.add(http2);
        });
    factories.add(http1);
    return factories.toArray(ConnectionFactory[]::new);
  }

  int port() {
    return connector.getLocalPort();
  }

  /** Bytes of heads that have been received and not been judged yet. */
  long received() {
    long received = 0;
    for (final EndPoint endPoint : connector.getConnectedEndPoints()) {
      Connection connection = endPoint.getConnection();
      if (connection instanceof SslConnection tls) {
        connection = tls.getSslEndPoint().getConnection();
      }
      if (connection instanceof HeadConnection head) {
        received += head.getBytesIn();
      }
    }
    return received;
  }

  /** Bytes of TLS that have been received. */
  long receivedOverTls() {
    return connector.getConnectedEndPoints().stream()
        .mapToLong(endPoint -> endPoint.getConnection().getBytesIn())
        .sum();
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** In place of the Jakarta container. */
  private final class UpgradeByHand extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      final AcceptedHandshake handshake =
          (AcceptedHandshake) request.getAttribute(AcceptedHandshake.ATTRIBUTE);
      accepted.add(handshake);
      if (fails) {
        throw new IllegalStateException("as asked");
      }
      threads.add(Thread.currentThread());
      handshake
          .spelledSubProtocol()
          .ifPresent(
              spelled -> response.getHeaders().put(HttpHeader.SEC_WEBSOCKET_SUBPROTOCOL, spelled));
      handshake
          .accessControlAllowOrigin()
          .ifPresent(
              origin -> response.getHeaders().put(HttpHeader.ACCESS_CONTROL_ALLOW_ORIGIN, origin));
      if (request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_2) {
        response.setStatus(HttpStatus.OK_200);
        response.write(false, null, callback);
        return true;
      }
      upgrade(request, response);
      response.write(true, null, callback);
      return true;
    }

    private void upgrade(Request request, Response response) {
      final String key = request.getHeaders().get(HttpHeader.SEC_WEBSOCKET_KEY);
      response.setStatus(HttpStatus.SWITCHING_PROTOCOLS_101);
      response.getHeaders().put(new HttpField(HttpHeader.UPGRADE, "websocket"));
      response.getHeaders().put(new HttpField(HttpHeader.CONNECTION, "Upgrade"));
      response.getHeaders().put(HttpHeader.SEC_WEBSOCKET_ACCEPT, WebSocketUtils.hashKey(key));
      final EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
      request.setAttribute(
          HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, new Echo(endPoint, connector.getExecutor()));
    }
  }

  /** Answers with its own name. */
  private static final class Page extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      response.setStatus(HttpStatus.OK_200);
      Content.Sink.write(response, true, "the page", callback);
      return true;
    }
  }

  /** In place of the wire. */
  private static final class Echo extends AbstractConnection implements Connection.UpgradeTo {
    private Echo(EndPoint endPoint, java.util.concurrent.Executor executor) {
      super(endPoint, executor);
    }

    @Override
    public void onOpen() {
      super.onOpen();
      fillInterested();
    }

    @Override
    public void onUpgradeTo(ByteBuffer bytes) {
      final ByteBuffer copy = BufferUtil.copy(bytes);
      getEndPoint().write(Callback.NOOP, copy);
    }

    @Override
    public void onFillable() {
      final ByteBuffer buffer = BufferUtil.allocate(1024);
      try {
        final int filled = getEndPoint().fill(buffer);
        if (filled < 0) {
          close();
          return;
        }
        if (filled > 0) {
          getEndPoint().write(Callback.NOOP, buffer);
        }
        fillInterested();
      } catch (IOException e) {
        close();
      }
    }
  }
}
