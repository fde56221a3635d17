package org.millrace.jetty.handshake;

import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpCompliance.Violation;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.millrace.jetty.config.HandshakeConfig;

/** Makes Jetty's HTTP for a listener. */
public final class HandshakeHttp {
  private static final int RESPONSE_HEAD = 4096;

  /** Streams of one HTTP/2 connection, each of which may be a WebSocket connection. */
  private static final int MAX_STREAMS = 128;

  private HandshakeHttp() {}

  /** HTTP/1.1 whose requests are judged before Jetty sees them. */
  public static HttpConnectionFactory http1(ListenerHandshakes handshakes) {
    final HttpConfiguration configuration = configuration(handshakes.config());
    return new HttpConnectionFactory(configuration) {
      @Override
      public Connection newConnection(Connector connector, EndPoint endPoint) {
        final HeadConnection connection =
            new HeadConnection(
                connector,
                endPoint,
                handshakes,
                () -> (HttpConnection) super.newConnection(connector, endPoint));
        return configure(connection, connector, endPoint);
      }
    };
  }

  /** HTTP/2 with extended CONNECT (RFC 8441), whose requests the {@link HandshakeGate} judges. */
  public static HTTP2ServerConnectionFactory http2(ListenerHandshakes handshakes) {
    final HTTP2ServerConnectionFactory factory =
        new HTTP2ServerConnectionFactory(configuration(handshakes.config()));
    factory.setConnectProtocolEnabled(true);
    factory.setMaxConcurrentStreams(MAX_STREAMS);
    // Streams that carry WebSockets have keep-alive of their own.
    factory.setStreamIdleTimeout(-1);
    return factory;
  }

  private static HttpConfiguration configuration(HandshakeConfig limits) {
    final HttpConfiguration configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    configuration.setSendDateHeader(false);
    configuration.setSendXPoweredBy(false);
    // What Jetty objects to, our own reader has refused before, apart from what a profile allows.
    configuration.setHttpCompliance(
        HttpCompliance.RFC9110.with("MILLRACE", Violation.MISMATCHED_AUTHORITY));
    configuration.setUriCompliance(UriCompliance.UNSAFE);
    configuration.setRequestHeaderSize(limits.maxHead() + JettyHead.growth(limits.maxFields()));
    configuration.setResponseHeaderSize(RESPONSE_HEAD);
    configuration.setInputBufferSize(
        limits.maxHead() + limits.maxPipelined() + JettyHead.growth(limits.maxFields()));
    return configuration;
  }
}
