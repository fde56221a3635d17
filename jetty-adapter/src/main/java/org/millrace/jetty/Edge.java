package org.millrace.jetty;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.millrace.engine.Engine;
import org.millrace.engine.EngineContext;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.ConnectionListener;
import org.millrace.engine.sip.EmbeddedCore;
import org.millrace.jetty.admin.AdminServer;
import org.millrace.jetty.admin.AdminServices;
import org.millrace.jetty.admin.Drain;
import org.millrace.jetty.admin.DrainTimer;
import org.millrace.jetty.admin.FlowView;
import org.millrace.jetty.admin.PageHandler;
import org.millrace.jetty.admin.RpcStyle;
import org.millrace.jetty.config.EdgeConfig;
import org.millrace.jetty.config.EdgeSubProtocol;
import org.millrace.jetty.config.ListenerConfig;
import org.millrace.jetty.config.PathConfig;
import org.millrace.jetty.handshake.BareErrors;
import org.millrace.jetty.handshake.HandshakeCounters;
import org.millrace.jetty.handshake.HandshakeGate;
import org.millrace.jetty.handshake.HandshakeLimits;
import org.millrace.jetty.handshake.HandshakeSwitch;
import org.millrace.jetty.handshake.Handshakes;
import org.millrace.jetty.handshake.JakartaFront;
import org.millrace.jetty.handshake.ListenerHandshakes;
import org.millrace.jetty.handshake.RefusalLog;
import org.millrace.jetty.handshake.UpgradeHandler;
import org.millrace.jetty.wire.Wires;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The edge: listeners, the engine behind them, and what the sub-protocols lead to. Started whole or
 * not at all. Any thread, one at a time.
 */
public final class Edge implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Edge.class);
  private static final int REFUSALS_LOGGED_PER_SECOND = 50;
  private static final int CORE_POLL_MS = 200;

  private final EdgeConfig config;
  private final Engine engine;
  private final Server server;
  private final Handshakes handshakes;
  private final Optional<CoreSide> coreSide;
  private final Services services;
  private final List<ServerConnector> connectors = new ArrayList<>();
  private final ScheduledExecutorService housekeeping =
      Executors.newSingleThreadScheduledExecutor(Edge::housekeeper);
  private final Drain drain;
  private Optional<AdminServer> admin = Optional.empty();
  private final List<Future<?>> polling = new ArrayList<>();

  private Edge(EdgeConfig config, ConnectionListener events) throws IOException {
    this.config = config;
    final QueuedThreadPool threads = new QueuedThreadPool();
    threads.setName("millrace-http");
    server = new Server(threads);
    engine = Engine.launch(engineContext(config).listener(events));
    coreSide = coreSide(config, engine);
    handshakes =
        new Handshakes(
            new HandshakeSwitch(),
            new HandshakeLimits(config.limits(), System::nanoTime),
            new HandshakeCounters(),
            new RefusalLog(REFUSALS_LOGGED_PER_SECOND, System::nanoTime),
            InstantSource.system());
    final Wires wires =
        new Wires(
            engine,
            threads,
            server.getScheduler(),
            server.getByteBufferPool(),
            config.handshake().firstFrameDelay());
    services = new Services(config, engine, wires, coreSide);
    drain =
        new Drain(
            engine,
            new Admission(handshakes.gate()),
            config.drain(),
            DrainTimer.of(housekeeping),
            new SplittableRandom(),
            connection -> connection.attachment() instanceof Flow,
            () -> coreSide.map(it -> it.transports().connections()).orElse(0));
  }

  /** Connections with the core must find room when all that clients may have are taken. */
  private static EngineContext engineContext(EdgeConfig config) {
    final EngineContext context = config.engine().get();
    return config.upstreams().isEmpty()
        ? context
        : context.maxConnections(
            Math.min(context.maxConnections(), Integer.MAX_VALUE - CoreSide.CONNECTIONS)
                + CoreSide.CONNECTIONS);
  }

  private static Optional<CoreSide> coreSide(EdgeConfig config, Engine engine) throws IOException {
    if (config.upstreams().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(CoreSide.bind(config, engine));
    } catch (IOException | RuntimeException e) {
      engine.close();
      throw e;
    }
  }

  /**
   * Starts an edge; when this returns it listens.
   *
   * @throws IOException if a certificate cannot be loaded, or an address not be bound.
   */
  public static Edge launch(EdgeConfig config) throws Exception {
    return launch(config, ConnectionListener.NONE, Optional.empty());
  }

  /**
   * Starts an edge; when this returns it listens.
   *
   * @param events hears of every connection.
   * @param page directory with the SIP library of the page with two clients.
   * @throws IOException if a certificate cannot be loaded, or an address not be bound.
   */
  public static Edge launch(EdgeConfig config, ConnectionListener events, Optional<Path> page)
      throws Exception {
    final Edge edge = new Edge(config, events);
    try {
      edge.start(page);
      return edge;
    } catch (Throwable t) {
      edge.close();
      throw t;
    }
  }

  private static Thread housekeeper(Runnable task) {
    final Thread thread = new Thread(task, "millrace-housekeeping");
    thread.setDaemon(true);
    return thread;
  }

  private void start(Optional<Path> page) throws Exception {
    if (coreSide.isPresent()) {
      coreSide.get().start();
      poll(coreSide.get()::poll, CORE_POLL_MS, "the asking of targets");
    }
    final UpgradeHandler upgrade = new UpgradeHandler(services::connection);
    upgrade.setHandler(JakartaFront.of(paths(), config.filters()));
    server.setErrorHandler(new BareErrors());
    server.setHandler(new HandshakeGate(upgrade, Optional.of(new PageHandler(page))));
    for (final ListenerConfig listener : config.listeners()) {
      final ServerConnector connector =
          Connectors.of(server, listener, new ListenerHandshakes(config, listener, handshakes));
      connectors.add(connector);
      server.addConnector(connector);
    }
    server.start();
    if (config.admin().enabled()) {
      admin = Optional.of(AdminServer.start(config.admin(), adminServices()));
    }
    poll(services.core()::poll, 1000, "the registrar's housekeeping");
    logPaths();
  }

  private void poll(Runnable task, int everyMs, String what) {
    polling.add(
        housekeeping.scheduleWithFixedDelay(
            () -> {
              try {
                task.run();
              } catch (RuntimeException e) {
                LOG.error("{} failed; it goes on", what, e);
              }
            },
            everyMs,
            everyMs,
            TimeUnit.MILLISECONDS));
  }

  private void logPaths() {
    for (final ListenerConfig listener : config.listeners()) {
      for (final PathConfig path : listener.paths()) {
        if (path.subProtocols().contains(EdgeSubProtocol.SIP)) {
          LOG.info("{} {}: sip with {}", listener.name(), path.path(), behind(path));
        }
      }
    }
  }

  private static String behind(PathConfig path) {
    return path.upstream()
        .map(
            policy ->
                "upstream "
                    + policy.group()
                    + ", mode "
                    + lower(policy.mode())
                    + ", transactions "
                    + lower(policy.transactions()))
        .orElse("the embedded registrar, which is for trying things out");
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private Set<String> paths() {
    final Set<String> paths = new LinkedHashSet<>();
    for (final ListenerConfig listener : config.listeners()) {
      for (final PathConfig path : listener.paths()) {
        paths.add(path.path());
      }
    }
    return paths;
  }

  private AdminServices adminServices() {
    return new AdminServices(
        engine,
        new Admission(handshakes.gate()),
        drain,
        Edge::view,
        Statistics.of(handshakes, services.core(), coreSide),
        () -> Statistics.refusals(handshakes.counters()),
        new Bindings(services.core()),
        () -> coreSide.map(CoreSide::targets).orElse(List.of()),
        this::revoke,
        this::connect,
        Version.ofThis().version(),
        RpcStyle.KAMAILIO);
  }

  /**
   * Closes all connections of an identity with 1008: its session has ended elsewhere (B-24).
   *
   * @return how many there were.
   */
  public int revoke(String identity) {
    return services.core().revoke(identity)
        + coreSide.map(it -> it.proxy().revoke(identity)).orElse(0);
  }

  private boolean connect(String host, int port, String path, String subProtocol, boolean secure) {
    return coreSide
        .map(it -> it.transports().connectWs(host, port, path, subProtocol, secure))
        .orElse(false);
  }

  private static FlowView view(Connection connection) {
    if (connection.attachment() instanceof CoreFlow core) {
      return FlowView.ofCore(core.socket(), core.secure());
    }
    final Flow flow = (Flow) connection.attachment();
    return new FlowView(
        flow.listener().name(),
        flow.path().path(),
        flow.subProtocol().token(),
        flow.listener().isSecure(),
        flow.identity(),
        false);
  }

  /** The engine behind the listeners. */
  public Engine engine() {
    return engine;
  }

  /** Connections from accept to close, whether upgraded or not yet. */
  public int connections() {
    return handshakes.limits().connections();
  }

  /** Opening handshakes that were accepted and refused. */
  public HandshakeCounters handshakeCounters() {
    return handshakes.counters();
  }

  /** The embedded registrar. */
  public EmbeddedCore core() {
    return services.core();
  }

  /** What is behind paths with an upstream; empty if there are none. */
  Optional<CoreSide> coreSide() {
    return coreSide;
  }

  /** Where operators reach it, if they do. */
  public Optional<URI> adminAddress() {
    return admin.map(Edge::address);
  }

  private static URI address(AdminServer server) {
    final InetSocketAddress address = server.address();
    return HostAndPort.uri("http", address.getAddress().getHostAddress(), address.getPort());
  }

  /**
   * Refuses handshakes, then closes all connections in turn as the configuration says. Waits for
   * that.
   *
   * @return whether they were all closed in time.
   */
  public boolean drain() {
    return drain.drain().join() == Drain.Outcome.EMPTY;
  }

  /** Where the listeners are to be reached, in the order of the configuration. */
  public List<URI> addresses() {
    final List<URI> addresses = new ArrayList<>();
    for (int i = 0; i < connectors.size(); i++) {
      addresses.add(address(config.listeners().get(i), connectors.get(i).getLocalPort()));
    }
    return addresses;
  }

  private static URI address(ListenerConfig listener, int port) {
    return HostAndPort.uri(listener.isSecure() ? "wss" : "ws", listener.host(), port).resolve("/");
  }

  /**
   * Takes no more handshakes, says 1001 to all connections, and ends what is left. Connections with
   * the core go first: whoever wants clients to say goodbye through them drains before.
   */
  @Override
  public void close() {
    handshakes.gate().drain();
    admin.ifPresent(AdminServer::close);
    polling.forEach(it -> it.cancel(false));
    housekeeping.shutdownNow();
    coreSide.ifPresent(CoreSide::close);
    engine.close();
    LifeCycle.stop(server);
  }
}
