package org.millrace.jetty.admin;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.eclipse.jetty.http.pathmap.PathSpec;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.PathMappingsHandler;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.millrace.jetty.config.AdminConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listener for operators: a server of its own, with a few threads of its own (F-10). */
public final class AdminServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
  private static final int MAX_THREADS = 8;
  private static final int MIN_THREADS = 2;
  private static final int IDLE_TIMEOUT_MS = 30_000;
  private static final int MAX_REQUEST_HEAD = 8 * 1024;

  private final Server server;
  private final ServerConnector connector;

  private AdminServer(Server server, ServerConnector connector) {
    this.server = server;
    this.connector = connector;
  }

  /**
   * Listens.
   *
   * @throws IllegalArgumentException if others than this machine could connect without a token.
   * @throws IOException if the address cannot be listened on.
   */
  public static AdminServer start(AdminConfig config, AdminServices services) throws IOException {
    final InetAddress host = check(config);
    final QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, MIN_THREADS);
    threads.setName("millrace-admin");
    threads.setDaemon(true);
    threads.setReservedThreads(0);
    final Server server = new Server(threads);
    final HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(MAX_REQUEST_HEAD);
    final ServerConnector connector =
        new ServerConnector(server, null, null, null, 0, 1, new HttpConnectionFactory(http));
    connector.setHost(host.getHostAddress());
    connector.setPort(config.port());
    connector.setIdleTimeout(IDLE_TIMEOUT_MS);
    server.addConnector(connector);
    server.setHandler(handler(config, services));
    start(server);
    final AdminServer admin = new AdminServer(server, connector);
    LOG.info("admin: listening on {}", admin.address());
    return admin;
  }

  /** The address to listen on: the very one that has been found to be loopback, if it has to be. */
  private static InetAddress check(AdminConfig config) throws UnknownHostException {
    if (config.host().isBlank()) {
      throw new IllegalArgumentException("admin.host: must not be empty");
    }
    if (config.token().map(String::isBlank).orElse(false)) {
      throw new IllegalArgumentException("admin.token: must not be empty");
    }
    final InetAddress address = InetAddress.getByName(config.host());
    if (config.token().isEmpty() && !address.isLoopbackAddress()) {
      throw new IllegalArgumentException(
          "admin.host=" + config.host() + ": is open to others, which needs admin.token");
    }
    return address;
  }

  private static PathMappingsHandler handler(AdminConfig config, AdminServices services) {
    final EngineAccess engine = new EngineAccess(services.engine());
    final RpcMethods methods = new RpcMethods();
    WsMethods.addTo(methods, engine, services);
    StatsMethods.addTo(methods, new Statistics(services.engine(), services.counters()));
    MillraceMethods.addTo(methods, engine, services);
    final RpcHandler rpc = new RpcHandler(RpcDialect.of(services.rpcStyle(), methods));
    final PathMappingsHandler paths = new PathMappingsHandler();
    paths.addMapping(PathSpec.from("/health/live"), HealthHandler.live());
    paths.addMapping(PathSpec.from("/health/ready"), HealthHandler.ready(services.admission()));
    paths.addMapping(PathSpec.from("/rpc"), new AdminGuard(config.token(), rpc));
    return paths;
  }

  private static void start(Server server) throws IOException {
    try {
      server.start();
    } catch (IOException e) {
      LifeCycle.stop(server);
      throw e;
    } catch (Exception e) {
      LifeCycle.stop(server);
      throw new IllegalStateException(e);
    }
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return new InetSocketAddress(connector.getHost(), connector.getLocalPort());
  }

  @Override
  public void close() {
    LifeCycle.stop(server);
  }
}
