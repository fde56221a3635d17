package org.millrace.jetty.upstream;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AgentRunner;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.millrace.engine.Engine;
import org.millrace.engine.connection.MessageHandler;
import org.millrace.engine.connection.SendResult;
import org.millrace.engine.frame.CloseCode;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.sip.ClientTransactions;
import org.millrace.engine.sip.CoreHop;
import org.millrace.engine.sip.CoreReceiver;
import org.millrace.engine.sip.CoreSender;
import org.millrace.engine.sip.CoreSocket;
import org.millrace.engine.sip.CoreTransport;
import org.millrace.engine.sip.Target;
import org.millrace.jetty.config.CoreSocketConfig;
import org.millrace.jetty.config.Network;
import org.millrace.jetty.wire.Wires;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All transports towards the core. Made in three steps, because a proxy needs the sockets'
 * addresses and the sockets need the proxy: {@link #bind}, {@link #start}, {@link #update}.
 *
 * <p>Any thread sends; the rest is for one thread at a time.
 */
public final class CoreTransports implements CoreSender, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CoreTransports.class);
  private static final int MOST_THREADS = 64;
  private static final int REPEAT_RING = 4 * 1024 * 1024;

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  private final Engine engine;
  private final Server server;
  private final Control control = new Control();
  private final CoreCounters counters = new CoreCounters();
  private final TrustedPeers trusted = new TrustedPeers();
  private final OpenConnections open = new OpenConnections();
  private final Wires wires;
  private final DoubleSupplier random;
  private CoreSockets sockets;
  private Function<CoreSocket, MessageHandler> handlers;
  private UdpPaths paths;
  private Retransmitter retransmitter;
  private StreamRoutes streams;
  private UdpAgent udp;
  private AgentRunner udpRunner;
  private Duration transaction;
  private boolean closed;

  private CoreTransports(Engine engine, DoubleSupplier random) {
    this.engine = engine;
    this.random = random;
    final QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS);
    threads.setName("millrace-core");
    server = new Server(threads);
    wires =
        new Wires(
            engine, threads, server.getScheduler(), server.getByteBufferPool(), Duration.ZERO);
  }

  /**
   * Binds the sockets; nothing is read or accepted yet.
   *
   * @param engine that all connections become connections of.
   * @throws IOException if an address cannot be bound, or a certificate not be loaded; the message
   *     names it.
   */
  public static CoreTransports bind(List<CoreSocketConfig> configs, Engine engine)
      throws IOException {
    return bind(configs, engine, new SecureRandom()::nextDouble);
  }

  /**
   * @param random of the pauses between attempts to connect: 0 to 1.
   */
  static CoreTransports bind(List<CoreSocketConfig> configs, Engine engine, DoubleSupplier random)
      throws IOException {
    final CoreTransports transports = new CoreTransports(engine, random);
    try {
      transports.sockets =
          CoreSockets.bind(
              configs,
              transports.server,
              transports.trusted,
              transports.counters,
              transports::accepted);
      return transports;
    } catch (IOException | RuntimeException e) {
      transports.control.close();
      throw e;
    }
  }

  private Connection accepted(CoreSocket socket, EndPoint endPoint) {
    return wires.newCoreWire(
        endPoint,
        CoreContexts.accepted(sockets.config(socket).connection()),
        newHandler(socket),
        () -> LOG.warn("core: the engine is full; {} is turned away", endPoint));
  }

  private MessageHandler newHandler(CoreSocket socket) {
    return open.known(handlers.apply(socket));
  }

  /** The socket of that name as the core knows it, with the port that it was bound to. */
  public CoreSocket socket(String name) {
    return sockets.byName(name);
  }

  /**
   * Begins to read and to accept.
   *
   * @param newHandlers a new handler for each connection with the core.
   * @param receiver of datagrams, called by one thread.
   * @param transactions of requests over UDP, owned by that thread from now on.
   * @param unsent hears of requests that waited for a connection in vain.
   */
  public void start(
      Function<CoreSocket, MessageHandler> newHandlers,
      CoreReceiver receiver,
      ClientTransactions transactions,
      UnsentListener unsent)
      throws Exception {
    handlers = newHandlers;
    transaction = Duration.ofNanos(transactions.timers().transactionNs());
    final LinkFactory links =
        new LinkFactory(
            engine, server, wires, control, counters, sockets::config, this::newHandler, random);
    paths = new UdpPaths(sockets::udp);
    streams = new StreamRoutes(links, this::whenOver, counters, unsent);
    if (sockets.hasStreams()) {
      server.start();
    }
    if (!sockets.udpBindings().isEmpty()) {
      startUdp(receiver, transactions);
    }
  }

  private void startUdp(CoreReceiver receiver, ClientTransactions transactions) throws IOException {
    retransmitter = new Retransmitter(REPEAT_RING, paths, transactions, counters);
    udp =
        new UdpAgent(
            sockets.udpBindings(),
            trusted,
            receiver,
            retransmitter,
            counters,
            engine.errorLog(),
            System::nanoTime);
    udpRunner = new AgentRunner(udp, engine.errorLog(), null, udp);
    AgentRunner.startOnThread(udpRunner);
  }

  /**
   * Says where the core is now. Connections with targets that are new are made; those with targets
   * that are no longer there are kept for as long as a transaction may take.
   *
   * @param networks that requests are taken from besides the targets' addresses (C-2).
   * @throws IOException if a certificate cannot be loaded; the message names the file.
   */
  public void update(Collection<Destination> destinations, Collection<Network> networks)
      throws IOException {
    final Set<InetAddress> addresses = new HashSet<>();
    destinations.forEach(d -> addresses.add(d.target().address().getAddress()));
    trusted.update(addresses, networks, this::whenOver);
    paths.update(destinations.stream().map(Destination::target).toList(), this::whenOver);
    streams.update(destinations);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // not to be cancelled
  private void whenOver(Runnable task) {
    control.schedule(transaction, task);
  }

  @Override
  public int send(Target target, DirectBuffer buffer, int offset, int length, boolean retransmit) {
    final UdpPaths.Path path = paths.of(target);
    return path == null
        ? streams.send(target, buffer, offset, length)
        : sendDatagram(path, buffer, offset, length, retransmit);
  }

  /** One that will be repeated is as good as sent: what does not leave now is one that is lost. */
  private int sendDatagram(
      UdpPaths.Path path, DirectBuffer buffer, int offset, int length, boolean retransmit) {
    if (length > UdpSocket.MAX_SENT) {
      return SendResult.TOO_LONG;
    }
    final boolean repeated =
        retransmit && retransmitter.begin(path, buffer, offset, length, System.nanoTime());
    final int result = path.socket().send(path.address(), buffer, offset, length);
    return repeated ? SendResult.SENT : result;
  }

  @Override
  public int reply(CoreHop hop, DirectBuffer buffer, int offset, int length) {
    final UdpSocket socket = sockets.udp(hop.socket());
    if (socket != null) {
      return socket.reply(hop, buffer, offset, length);
    }
    final int result =
        engine.send(hop.connectionId(), opcode(hop.socket().transport()), buffer, offset, length);
    return result == SendResult.NOT_OPEN ? streams.sendAnswer(hop, buffer, offset, length) : result;
  }

  /** What messages are sent with. */
  static int opcode(CoreTransport transport) {
    return transport.isWebSocket() ? org.millrace.engine.connection.Connection.AUTO : Opcode.BINARY;
  }

  /**
   * Connects with a target over WebSocket without waiting for the end of a pause. Nothing is
   * connected with that is not configured. Any thread.
   *
   * @param host of the target as it is configured, or its address.
   * @return whether there is such a target, connected or not.
   */
  public boolean connectWs(String host, int port, String path, String subProtocol, boolean secure) {
    final CoreTransport transport = secure ? CoreTransport.WSS : CoreTransport.WS;
    return streams != null
        && streams.hurry(
            destination -> {
              final InetSocketAddress address = destination.target().address();
              return destination.target().transport() == transport
                  && address.getPort() == port
                  && destination.upstream().ws().path().equals(path)
                  && destination.upstream().ws().subProtocol().equals(subProtocol)
                  && (destination.domain().equalsIgnoreCase(host)
                      || address.getAddress().getHostAddress().equals(host));
            });
  }

  public CoreCounters counters() {
    return counters;
  }

  /** Connections with the core that are open, in either direction. */
  public int connections() {
    return open.count();
  }

  /** Those of them that were made with a target; 0 over UDP. */
  public int connections(Target target) {
    return streams == null ? 0 : streams.connections(target);
  }

  /** Ends all connections and closes the sockets. Waits for that, within bounds. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (streams != null) {
      streams.stop();
    }
    control.close();
    open.ids().forEach(id -> engine.close(id, CloseCode.GOING_AWAY, ""));
    try {
      open.awaitNone(CLOSE_TIMEOUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    LifeCycle.stop(server);
    if (udp != null) {
      udp.stop();
      udpRunner.close();
      udp.close();
    }
    sockets.close();
  }
}
