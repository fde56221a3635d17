package org.millrace.jetty.wire;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.millrace.jetty.config.ListenerConfig;
import org.millrace.jetty.config.TlsConfig;

/** Which protocol lies on top of which on a listener. */
public final class Protocols {
  private Protocols() {}

  /**
   * The connection factories of a listener, the first for the bytes of the socket.
   *
   * @throws IOException if a certificate cannot be loaded; the message names the file.
   */
  public static List<ConnectionFactory> factories(
      ListenerConfig listener, HttpConnectionFactory http1, HTTP2ServerConnectionFactory http2)
      throws IOException {
    final List<ConnectionFactory> factories = new ArrayList<>();
    if (listener.tls().isPresent()) {
      addSecure(factories, listener.tls().get(), http1, http2, listener.http2());
    } else {
      factories.add(http1);
    }
    return factories;
  }

  private static void addSecure(
      List<ConnectionFactory> factories,
      TlsConfig tls,
      HttpConnectionFactory http1,
      HTTP2ServerConnectionFactory http2,
      boolean offersHttp2)
      throws IOException {
    if (!offersHttp2) {
      factories.add(new SslConnectionFactory(TlsContexts.of(tls), http1.getProtocol()));
      factories.add(http1);
      return;
    }
    final ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
    alpn.setDefaultProtocol(HttpVersion.HTTP_1_1.asString());
    factories.add(new SslConnectionFactory(TlsContexts.of(tls), alpn.getProtocol()));
    factories.add(alpn);
    factories.add(http2);
    factories.add(http1);
  }
}
