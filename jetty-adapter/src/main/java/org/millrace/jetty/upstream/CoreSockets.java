package org.millrace.jetty.upstream;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.agrona.collections.Int2ObjectHashMap;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Server;
import org.millrace.engine.sip.CoreSocket;
import org.millrace.engine.sip.CoreTransport;
import org.millrace.jetty.config.CoreSocketConfig;
import org.millrace.jetty.config.HostPort;

/** The addresses of this side that the core knows, bound. Does not change once it is made. */
final class CoreSockets implements AutoCloseable {
  private final Map<String, CoreSocket> byName = new HashMap<>();
  private final Map<CoreSocket, CoreSocketConfig> configs = new HashMap<>();
  private final Int2ObjectHashMap<UdpSocket> udp = new Int2ObjectHashMap<>();
  private final List<UdpAgent.Binding> udpBindings = new ArrayList<>();
  private final List<CoreAcceptor> acceptors = new ArrayList<>();

  private CoreSockets() {}

  /**
   * Binds all sockets or none.
   *
   * @param server of the acceptors, which are added to it; not yet started.
   * @param wires makes the connection for a socket that is accepted.
   * @throws IOException if an address cannot be bound, or a certificate not be loaded; the message
   *     names it.
   */
  static CoreSockets bind(
      List<CoreSocketConfig> configs,
      Server server,
      TrustedPeers trusted,
      CoreCounters counters,
      BiFunction<CoreSocket, EndPoint, Connection> wires)
      throws IOException {
    final CoreSockets sockets = new CoreSockets();
    try {
      for (final CoreSocketConfig config : configs) {
        sockets.add(config, server, trusted, counters, wires);
      }
      return sockets;
    } catch (IOException | RuntimeException e) {
      sockets.close();
      throw e;
    }
  }

  private void add(
      CoreSocketConfig config,
      Server server,
      TrustedPeers trusted,
      CoreCounters counters,
      BiFunction<CoreSocket, EndPoint, Connection> wires)
      throws IOException {
    switch (config.transport()) {
      case UDP -> {
        final UdpSocket socket = UdpSocket.bind(config, counters);
        final CoreSocket coreSocket = add(config, socket.localAddress().getPort());
        udp.put(coreSocket.id(), socket);
        udpBindings.add(new UdpAgent.Binding(socket, coreSocket));
      }
      case TCP, TLS -> {
        final CoreSocket[] bound = new CoreSocket[1];
        final Function<EndPoint, Connection> wire = endPoint -> wires.apply(bound[0], endPoint);
        final CoreAcceptor acceptor = CoreAcceptor.bind(config, server, trusted, counters, wire);
        acceptors.add(acceptor);
        server.addConnector(acceptor);
        bound[0] = add(config, acceptor.getLocalPort());
      }
      case WS, WSS -> add(config, config.transport().defaultPort());
      default -> throw new IllegalArgumentException(config.transport().name());
    }
  }

  private CoreSocket add(CoreSocketConfig config, int port) {
    final String host = config.advertisedHost().orElseGet(() -> reachable(config.host()));
    final CoreSocket socket =
        new CoreSocket(config.id(), config.transport(), host, config.advertisedPort().orElse(port));
    byName.put(config.name(), socket);
    configs.put(socket, config);
    return socket;
  }

  private static String reachable(String host) {
    if (new InetSocketAddress(host, 0).getAddress().isAnyLocalAddress()) {
      throw new IllegalArgumentException(host + ": cannot be advertised; say what is to be");
    }
    return HostPort.inUri(host);
  }

  CoreSocket byName(String name) {
    final CoreSocket socket = byName.get(name);
    if (socket == null) {
      throw new IllegalArgumentException("there is no core socket " + name);
    }
    return socket;
  }

  CoreSocketConfig config(CoreSocket socket) {
    return configs.get(socket);
  }

  /** Null if it is no UDP socket. */
  UdpSocket udp(CoreSocket socket) {
    return udp.get(socket.id());
  }

  List<UdpAgent.Binding> udpBindings() {
    return udpBindings;
  }

  /** Whether connections are made or accepted. */
  boolean hasStreams() {
    return configs.keySet().stream().anyMatch(s -> s.transport() != CoreTransport.UDP);
  }

  @Override
  public void close() {
    udpBindings.forEach(binding -> binding.socket().close());
    acceptors.forEach(CoreAcceptor::close);
  }
}
