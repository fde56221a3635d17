package org.millrace.bench.peer;

import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** A Jetty with a connector in cleartext and one over TLS, and everything else at its default. */
final class JettyServer {
  private final Server server = new Server();
  private final ServerConnector plain = new ServerConnector(server);
  private final ServerConnector secure;

  JettyServer(Identity identity) throws Exception {
    final SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setSslContext(identity.serverContext());
    final HttpConfiguration configuration = new HttpConfiguration();
    configuration.addCustomizer(new SecureRequestCustomizer(false));
    secure = new ServerConnector(server, tls, new HttpConnectionFactory(configuration));
    for (final ServerConnector connector : new ServerConnector[] {plain, secure}) {
      connector.setHost(RunningPeer.HOST);
      connector.setAcceptQueueSize(RunningPeer.BACKLOG);
      server.addConnector(connector);
    }
  }

  Server server() {
    return server;
  }

  void start(Handler handler) throws Exception {
    server.setHandler(handler);
    server.start();
  }

  int port() {
    return plain.getLocalPort();
  }

  int securePort() {
    return secure.getLocalPort();
  }
}
