package org.millrace.jetty;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.agrona.ErrorHandler;
import org.millrace.engine.Engine;
import org.millrace.engine.connection.MessageHandler;
import org.millrace.engine.sip.ClientTransactions;
import org.millrace.engine.sip.CoreSocket;
import org.millrace.engine.sip.EdgePolicy;
import org.millrace.engine.sip.EdgeProxy;
import org.millrace.engine.sip.EdgeProxyContext;
import org.millrace.engine.sip.LocalResponses;
import org.millrace.engine.sip.Target;
import org.millrace.engine.sip.UndeliveredRequests;
import org.millrace.engine.sip.UpstreamSet;
import org.millrace.jetty.config.CoreSocketConfig;
import org.millrace.jetty.config.EdgeConfig;
import org.millrace.jetty.config.EdgeKeys;
import org.millrace.jetty.config.EdgeProxyConfig;
import org.millrace.jetty.config.Network;
import org.millrace.jetty.config.TransactionsConfig;
import org.millrace.jetty.config.UpstreamConfig;
import org.millrace.jetty.upstream.CoreTransports;
import org.millrace.jetty.upstream.HealthChecker;
import org.millrace.jetty.upstream.Resolver;
import org.millrace.jetty.upstream.TransactionThread;
import org.millrace.jetty.upstream.UpstreamTargets;

/**
 * Everything between the edge and its upstreams: the proxy, the transports, who looks names up and
 * who asks targets whether they are well. There is none where no upstream is configured.
 */
final class CoreSide implements AutoCloseable {
  /** Slots of the engine for connections with the core, besides those of clients. */
  static final int CONNECTIONS = 1024;

  private final EdgeConfig config;
  private final CoreTransports transports;
  private final HealthChecker health;
  private final UpstreamSet upstreams = new UpstreamSet();
  private final EdgeProxy proxy;
  private final ErrorHandler errors;
  private final TransactionThread transactions = new TransactionThread();
  private final List<Network> trusted;
  private volatile UpstreamTargets targets = new UpstreamTargets(Map.of(), List.of());
  private Resolver resolver;

  private CoreSide(EdgeConfig config, CoreTransports transports, Engine engine) throws IOException {
    this.config = config;
    this.transports = transports;
    errors = engine.errorLog();
    trusted = config.upstreams().stream().flatMap(it -> it.trusted().stream()).toList();
    health =
        new HealthChecker(transports, "Millrace/" + Version.ofThis().version(), System::nanoTime);
    proxy =
        new EdgeProxy(
            proxyContext(config, sockets()),
            config.sip().context(),
            upstreams,
            new EngineSender(engine),
            transports);
  }

  /**
   * Binds the sockets that the core knows; nothing is sent or received yet.
   *
   * @throws IOException if that cannot be, or keys can be neither read nor made.
   */
  static CoreSide bind(EdgeConfig config, Engine engine) throws IOException {
    final CoreTransports transports = CoreTransports.bind(config.coreSockets(), engine);
    try {
      return new CoreSide(config, transports, engine);
    } catch (IOException | RuntimeException e) {
      transports.close();
      throw e;
    }
  }

  private List<CoreSocket> sockets() {
    return config.coreSockets().stream()
        .map(CoreSocketConfig::name)
        .map(transports::socket)
        .toList();
  }

  private EdgeProxyContext proxyContext(EdgeConfig all, List<CoreSocket> sockets)
      throws IOException {
    final EdgeProxyConfig edge = all.edge();
    final EdgeKeys keys =
        edge.keys().isPresent() ? edge.keys().get() : EdgeKeys.readOrMake(edge.keyFile());
    final EdgeProxyContext context =
        new EdgeProxyContext()
            .node(edge.node())
            .currentFlowKey(keys.current())
            .branchKey(keys.branch())
            .verifyBranch(edge.verifyBranch())
            .droppedHeaders(edge.droppedHeaders())
            .viaKeys(edge.viaKeys())
            .coreSockets(sockets)
            .ownResponses(new LocalResponses(health));
    keys.flow().forEach(context::flowKey);
    if (hasTransactions(all)) {
      final int queue = edge.transactionMode().queue();
      context.transactions(
          edge.transactionMode().settings(edge.transactions()), queue, transactions::wake);
    }
    return context;
  }

  private static boolean hasTransactions(EdgeConfig config) {
    return config.listeners().stream()
        .flatMap(listener -> listener.paths().stream())
        .flatMap(path -> path.upstream().stream())
        .anyMatch(EdgePolicy::hasTransactions);
  }

  /** Connects and listens; when this returns the targets are known whose names DNS knows. */
  void start() throws Exception {
    final TransactionsConfig repeated = config.edge().transactions();
    final UndeliveredRequests undelivered = proxy.newUndelivered();
    transports.start(
        this::newHandler,
        proxy.newReceiver(),
        new ClientTransactions(
            repeated.timers(), repeated.max(), repeated.memory(), proxy.counters()),
        undelivered::onUnsent);
    if (proxy.transactionAgent() != null) {
      transactions.start(proxy.transactionAgent(), errors);
    }
    resolver =
        Resolver.start(
            config.dns(),
            config.upstreams(),
            config.coreSockets(),
            transports::socket,
            this::update);
  }

  private MessageHandler newHandler(CoreSocket socket) {
    return new FlowHandler(CoreFlow.of(name(socket), socket), proxy.newCoreHandler(socket));
  }

  private String name(CoreSocket socket) {
    return config.coreSockets().stream()
        .filter(it -> it.id() == socket.id())
        .map(CoreSocketConfig::name)
        .findFirst()
        .orElseThrow();
  }

  /** Whoever is chosen from now on can be sent to. */
  private void update(UpstreamTargets now) {
    health.update(now.destinations());
    try {
      transports.update(now.destinations(), trusted);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    upstreams.update(now.groups());
    targets = now;
  }

  /** Asks those targets that are due. To be called several times a second. */
  void poll() {
    health.poll();
  }

  EdgeProxy proxy() {
    return proxy;
  }

  /** Transactions of paths that are stateful proxies, under way or just over. */
  int transactions() {
    return proxy.transactionAgent() == null ? 0 : proxy.transactionAgent().transactions();
  }

  CoreTransports transports() {
    return transports;
  }

  /** All targets as they are now, for people. */
  List<TargetView> targets() {
    final List<TargetView> views = new ArrayList<>();
    for (final UpstreamConfig upstream : config.upstreams()) {
      for (final Target target : targets.groups().getOrDefault(upstream.name(), List.of())) {
        views.add(view(upstream, target));
        if (target.twin() != null
            && !targets.groups().get(upstream.name()).contains(target.twin())) {
          views.add(view(upstream, target.twin()));
        }
      }
    }
    return views;
  }

  private TargetView view(UpstreamConfig upstream, Target target) {
    return new TargetView(
        upstream.name(),
        target.name().substring(upstream.name().length() + 1),
        target.socket().host() + ":" + target.socket().port(),
        target.priority(),
        UpstreamTargets.weight(target),
        target.health().name().toLowerCase(Locale.ROOT),
        health.lastOutcome(target).orElse(null),
        transports.connections(target));
  }

  /**
   * A target for people.
   *
   * @param target transport and address.
   * @param by address of this side that requests leave with.
   * @param lastProbe what came of it; null if there was none.
   * @param connections open, with a target over a stream.
   */
  record TargetView(
      String upstream,
      String target,
      String by,
      int priority,
      double weight,
      String health,
      String lastProbe,
      int connections) {}

  /** To be called when clients have gone: their last messages leave by what ends here. */
  @Override
  public void close() {
    if (resolver != null) {
      resolver.close();
    }
    transactions.close();
    transports.close();
  }
}
