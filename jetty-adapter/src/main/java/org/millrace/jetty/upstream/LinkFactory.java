package org.millrace.jetty.upstream;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.millrace.engine.Engine;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.MessageHandler;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.sip.CoreSocket;
import org.millrace.engine.sip.CoreTransport;
import org.millrace.engine.sip.Target;
import org.millrace.jetty.config.CoreSocketConfig;
import org.millrace.jetty.config.HostPort;
import org.millrace.jetty.config.UpstreamConfig;
import org.millrace.jetty.config.UpstreamConfig.UpstreamTlsConfig;
import org.millrace.jetty.wire.TlsContexts;
import org.millrace.jetty.wire.Wires;

/** Makes links, and holds what those of one socket, or of one upstream, share. */
final class LinkFactory {
  private static final int NONCE = 16;

  /** The system's own limit; a link gives up earlier. */
  private static final Duration LONGEST_CONNECT = Duration.ofMinutes(2);

  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);
  private static final int ANSWERS_WAITING = 32;

  private final Engine engine;
  private final Server server;
  private final Wires wires;
  private final Control control;
  private final CoreCounters counters;
  private final Function<CoreSocket, CoreSocketConfig> sockets;
  private final Function<CoreSocket, MessageHandler> handlers;
  private final DoubleSupplier pauses;
  private final SecureRandom random = new SecureRandom();
  private final Map<CoreSocket, ClientConnector> connectors = new HashMap<>();
  private final Map<UpstreamTlsConfig, SslContextFactory.Client> tls = new HashMap<>();
  private final Map<InetSocketAddress, Turns> turns = new HashMap<>();

  /**
   * @param server started; what is made here stops with it.
   * @param handlers a new one for each connection.
   * @param pauses random numbers from 0 to 1.
   */
  LinkFactory(
      Engine engine,
      Server server,
      Wires wires,
      Control control,
      CoreCounters counters,
      Function<CoreSocket, CoreSocketConfig> sockets,
      Function<CoreSocket, MessageHandler> handlers,
      DoubleSupplier pauses) {
    this.engine = engine;
    this.server = server;
    this.wires = wires;
    this.control = control;
    this.counters = counters;
    this.sockets = sockets;
    this.handlers = handlers;
    this.pauses = pauses;
  }

  /**
   * A link with a target, not yet started.
   *
   * @param domain the target's name as it is configured, for TLS and the Host field.
   * @throws IOException if a certificate cannot be loaded; the message names the file.
   */
  synchronized Link newLink(
      Target target, UpstreamConfig upstream, String domain, Link.Listener listener)
      throws IOException {
    final CoreTransport transport = target.transport();
    final boolean ws = transport.isWebSocket();
    final Dialer dialer =
        new Dialer(
            connector(target.socket()),
            wires,
            CoreContexts.made(upstream, transport),
            target.address(),
            tls(upstream, transport, domain),
            handshakes(upstream, target, domain));
    return link(
        new Link.Rules(
            target.name(),
            CoreTransports.opcode(transport),
            upstream.queueMessages(),
            upstream.queueBytes(),
            upstream.connectTimeout(),
            true,
            !ws),
        target.socket(),
        dialer,
        ws ? turns.computeIfAbsent(target.address(), address -> new Turns()) : new Turns(),
        upstream.reconnectMax(),
        listener);
  }

  /** A link over TCP for answers whose own connection has gone, not yet started. */
  synchronized Link newAnswerLink(
      CoreSocket socket, InetSocketAddress peer, Link.Listener listener) {
    final ConnectionContext context = CoreContexts.forAnswers(sockets.apply(socket).connection());
    final Dialer dialer =
        new Dialer(connector(socket), wires, context, peer, Optional.empty(), Optional::empty);
    return link(
        new Link.Rules(
            "answers to " + peer,
            Opcode.BINARY,
            ANSWERS_WAITING,
            context.sendQueueHardLimit() / 2,
            ANSWER_TIMEOUT,
            false,
            false),
        socket,
        dialer,
        new Turns(),
        ANSWER_TIMEOUT,
        listener);
  }

  private Link link(
      Link.Rules rules,
      CoreSocket socket,
      Dialer dialer,
      Turns turn,
      Duration longestPause,
      Link.Listener listener) {
    return new Link(
        rules,
        engine,
        control,
        counters,
        () -> handlers.apply(socket),
        dialer::dial,
        turn,
        new BackOff(longestPause, pauses),
        listener);
  }

  private Supplier<Optional<WsHandshake>> handshakes(
      UpstreamConfig upstream, Target target, String domain) {
    if (!target.transport().isWebSocket()) {
      return Optional::empty;
    }
    final int port = target.address().getPort();
    final String name = HostPort.inUri(domain);
    final String host = port == target.transport().defaultPort() ? name : name + ":" + port;
    return () -> Optional.of(new WsHandshake(upstream.ws(), host, nonce()));
  }

  private byte[] nonce() {
    final byte[] nonce = new byte[NONCE];
    random.nextBytes(nonce);
    return nonce;
  }

  private Optional<TlsClient> tls(UpstreamConfig upstream, CoreTransport transport, String domain)
      throws IOException {
    if (!transport.isSecure()) {
      return Optional.empty();
    }
    SslContextFactory.Client factory = tls.get(upstream.tls());
    if (factory == null) {
      factory = TlsContexts.of(upstream.tls());
      server.addManaged(factory);
      tls.put(upstream.tls(), factory);
    }
    final TlsClient.Check check =
        transport == CoreTransport.TLS ? TlsClient.Check.SIP : TlsClient.Check.HTTPS;
    return Optional.of(
        new TlsClient(
            factory, domain, upstream.tls().checkDomain() ? check : TlsClient.Check.NONE));
  }

  private ClientConnector connector(CoreSocket socket) {
    return connectors.computeIfAbsent(socket, this::newConnector);
  }

  private ClientConnector newConnector(CoreSocket socket) {
    final InetAddress host = new InetSocketAddress(sockets.apply(socket).host(), 0).getAddress();
    final ClientConnector connector = new ClientConnector();
    connector.setExecutor(server.getThreadPool());
    connector.setScheduler(server.getScheduler());
    connector.setByteBufferPool(server.getByteBufferPool());
    connector.setSelectors(1);
    connector.setConnectTimeout(LONGEST_CONNECT);
    if (!host.isAnyLocalAddress()) {
      connector.setBindAddress(new InetSocketAddress(host, 0));
    }
    server.addManaged(connector);
    return connector;
  }
}
