package org.millrace.jetty.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.engine.Engine;
import org.millrace.engine.EngineContext;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.MessageHandler;
import org.millrace.engine.sip.ClientTransactions;
import org.millrace.engine.sip.CoreHop;
import org.millrace.engine.sip.CoreSocket;
import org.millrace.engine.sip.CoreTransport;
import org.millrace.engine.sip.SipCounters;
import org.millrace.engine.sip.SipTimers;
import org.millrace.engine.sip.SizeRule;
import org.millrace.engine.sip.Target;
import org.millrace.engine.status.EngineCounter;
import org.millrace.jetty.config.CoreConnectionConfig;
import org.millrace.jetty.config.CoreSocketConfig;
import org.millrace.jetty.config.HealthConfig;
import org.millrace.jetty.config.Network;
import org.millrace.jetty.config.TlsConfig;
import org.millrace.jetty.config.UpstreamConfig;
import org.millrace.jetty.config.UpstreamConfig.UpstreamTlsConfig;
import org.millrace.jetty.config.UpstreamConfig.WsClientConfig;
import org.millrace.jetty.harness.Bounded;
import org.millrace.jetty.harness.Events;

/** The transports with an engine and a router that only listens. */
final class CoreRig implements AutoCloseable {
  static final CoreConnectionConfig CONNECTION =
      new CoreConnectionConfig(
          Duration.ofSeconds(30),
          Duration.ofSeconds(10),
          65_536,
          false,
          Duration.ofSeconds(10),
          1 << 21);
  static final WsClientConfig WS =
      new WsClientConfig("/", Optional.empty(), "sip", List.of(), false, false, false);
  static final UpstreamTlsConfig TLS =
      new UpstreamTlsConfig(Optional.empty(), Optional.empty(), true, List.of(), List.of());

  /** Most that the core may make to a socket. */
  static final int CORE_CONNECTIONS = 8;

  private static final int TIMEOUT_S = 10;

  private final Events events = new Events();
  private final Engine engine;
  private final CoreTransports transports;
  private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> unsent = new LinkedBlockingQueue<>();
  private final List<Destination> destinations = new ArrayList<>();
  private List<Network> networks = List.of();

  /** A message of the core's. */
  record Received(CoreSocket socket, CoreHop hop, long connectionId, String text) {}

  CoreRig(CoreSocketConfig... sockets) throws Exception {
    this(new EngineContext().shards(2), sockets);
  }

  CoreRig(EngineContext context, CoreSocketConfig... sockets) throws Exception {
    engine = Engine.launch(context.listener(events));
    transports = CoreTransports.bind(List.of(sockets), engine, () -> 0.5);
    transports.start(
        this::handler,
        (hop, buffer, offset, length) ->
            received.add(new Received(hop.socket(), copy(hop), 0, text(buffer, offset, length))),
        new ClientTransactions(SipTimers.DEFAULT, 100, 1 << 20, new SipCounters()),
        (target, buffer, offset, length) -> unsent.add(text(buffer, offset, length)));
  }

  static CoreSocketConfig socket(String name, int id, CoreTransport transport) {
    return socket(name, id, transport, Optional.empty());
  }

  static CoreSocketConfig socket(
      String name, int id, CoreTransport transport, Optional<TlsConfig> tls) {
    return new CoreSocketConfig(
        name,
        id,
        transport,
        "127.0.0.1",
        0,
        Optional.empty(),
        OptionalInt.empty(),
        tls,
        CONNECTION,
        CORE_CONNECTIONS,
        0,
        0);
  }

  /** Connections are tried again at once, or nearly. */
  static UpstreamConfig upstream(
      int connections, Duration connectTimeout, WsClientConfig ws, UpstreamTlsConfig tls) {
    return upstream(connections, connectTimeout, CONNECTION, ws, tls);
  }

  static UpstreamConfig upstream(
      int connections,
      Duration connectTimeout,
      CoreConnectionConfig connection,
      WsClientConfig ws,
      UpstreamTlsConfig tls) {
    return new UpstreamConfig(
        "core",
        List.of(),
        connections,
        connectTimeout,
        4,
        1000,
        Duration.ofMillis(20),
        connection,
        ws,
        tls,
        List.of(),
        SizeRule.DEFAULT,
        new HealthConfig(false, Duration.ZERO, Duration.ZERO, Duration.ZERO, 1, 1, Set.of()));
  }

  static UpstreamConfig upstream() {
    return upstream(1, Duration.ofSeconds(TIMEOUT_S), WS, TLS);
  }

  static ServerSocket listen() throws IOException {
    final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    server.setSoTimeout(TIMEOUT_S * 1000);
    return server;
  }

  private MessageHandler handler(CoreSocket socket) {
    return new MessageHandler() {
      @Override
      public void onMessage(
          Connection connection, int opcode, DirectBuffer buffer, int offset, int length) {
        received.add(
            new Received(
                socket,
                new CoreHop()
                    .set(
                        socket,
                        ((InetSocketAddress) connection.remoteAddress()).getAddress().getAddress(),
                        ((InetSocketAddress) connection.remoteAddress()).getPort(),
                        connection.id()),
                connection.id(),
                text(buffer, offset, length)));
      }
    };
  }

  private static CoreHop copy(CoreHop hop) {
    final byte[] address = new byte[hop.addressLength()];
    System.arraycopy(hop.address(), 0, address, 0, address.length);
    return new CoreHop().set(hop.socket(), address, hop.port(), hop.connectionId());
  }

  private static String text(DirectBuffer buffer, int offset, int length) {
    return buffer.getStringWithoutLengthAscii(offset, length);
  }

  /** A further target, which the transports know when this returns. */
  Target target(String socket, ServerSocket at, UpstreamConfig upstream) throws IOException {
    return target(socket, (InetSocketAddress) at.getLocalSocketAddress(), upstream, "127.0.0.1");
  }

  Target target(String socket, InetSocketAddress at, UpstreamConfig upstream, String domain)
      throws IOException {
    final Target target =
        new Target("core/" + socket + ":" + at, transports.socket(socket), at, 0, 0);
    destinations.add(new Destination(target, upstream, domain));
    transports.update(destinations, networks);
    return target;
  }

  void trust(String network) throws IOException {
    networks = List.of(Network.parse(network));
    transports.update(destinations, networks);
  }

  int send(Target target, String message) {
    final byte[] bytes = message.getBytes(StandardCharsets.US_ASCII);
    return transports.send(target, new UnsafeBuffer(bytes), 0, bytes.length, false);
  }

  int reply(CoreHop hop, String message) {
    final byte[] bytes = message.getBytes(StandardCharsets.US_ASCII);
    return transports.reply(hop, new UnsafeBuffer(bytes), 0, bytes.length);
  }

  Received awaitReceived() throws InterruptedException {
    final Received next = received.poll(TIMEOUT_S, TimeUnit.SECONDS);
    assertThat(next).as("a message from the core").isNotNull();
    return next;
  }

  BlockingQueue<Received> received() {
    return received;
  }

  String awaitUnsent() throws InterruptedException {
    final String next = unsent.poll(TIMEOUT_S, TimeUnit.SECONDS);
    assertThat(next).as("an unsent message").isNotNull();
    return next;
  }

  void await(CoreCounter counter, long atLeast) {
    Bounded.await(
        TIMEOUT_S, counter + " " + atLeast, () -> transports.counters().get(counter) >= atLeast);
  }

  void await(Target target, Target.Health health) {
    Bounded.await(TIMEOUT_S, target + " " + health, () -> target.health() == health);
  }

  long count(CoreCounter counter) {
    return transports.counters().get(counter);
  }

  CoreTransports transports() {
    return transports;
  }

  Engine engine() {
    return engine;
  }

  Events events() {
    return events;
  }

  /** Where the core reaches a socket. */
  InetSocketAddress address(String socket) {
    return new InetSocketAddress(
        InetAddress.getLoopbackAddress(), transports.socket(socket).port());
  }

  /** Checks as well that nothing is left, and nothing went wrong. */
  @Override
  public void close() {
    transports.close();
    engine.close();
    assertThat(events.closed()).isEqualTo(events.opened());
    assertThat(engine.counter(EngineCounter.POOLED_BYTES_IN_USE)).isZero();
    assertThat(engine.errorLog().observations()).isZero();
    Bounded.await(TIMEOUT_S, "no thread left", () -> threads().isEmpty());
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("millrace-core") || name.startsWith("millrace-udp"))
        .toList();
  }
}
