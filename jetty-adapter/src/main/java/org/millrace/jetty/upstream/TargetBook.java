package org.millrace.jetty.upstream;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.millrace.engine.sip.CoreSocket;
import org.millrace.engine.sip.CoreTransport;
import org.millrace.engine.sip.SizeRule;
import org.millrace.engine.sip.Target;
import org.millrace.jetty.config.CoreSocketConfig;
import org.millrace.jetty.config.HostPort;
import org.millrace.jetty.config.UpstreamConfig;
import org.millrace.jetty.config.UpstreamConfig.TargetConfig;

/**
 * Makes targets of what look-ups have found. A target that is the same as before keeps its
 * instance; one that has only moved within its group keeps its health. For one thread.
 */
final class TargetBook {
  /**
   * A target of the configuration and what it stands for.
   *
   * @param servers what the last look-up has found.
   */
  record Located(TargetConfig config, List<FoundServer> servers) {}

  private final List<CoreSocketConfig> socketConfigs;
  private final Function<String, CoreSocket> sockets;
  private Map<String, Target> known = Map.of();

  /**
   * @param sockets by name, bound.
   */
  TargetBook(List<CoreSocketConfig> socketConfigs, Function<String, CoreSocket> sockets) {
    this.socketConfigs = socketConfigs;
    this.sockets = sockets;
  }

  /** All targets of all upstreams as they are now. */
  UpstreamTargets update(Map<UpstreamConfig, List<Located>> located) {
    final Map<String, Target> now = new HashMap<>();
    final Map<String, List<Target>> groups = new LinkedHashMap<>();
    final List<Destination> destinations = new ArrayList<>();
    located.forEach(
        (upstream, targets) -> {
          final Group group = new Group(upstream, now);
          group.add(targets);
          groups.put(upstream.name(), group.targets());
          destinations.addAll(group.destinations.values());
        });
    known = now;
    return new UpstreamTargets(groups, destinations);
  }

  /** One upstream's targets while they are being made. */
  private final class Group {
    private final UpstreamConfig upstream;
    private final Map<String, Target> now;
    private final Set<String> chosen = new LinkedHashSet<>();
    private final Map<Target, Destination> destinations = new LinkedHashMap<>();

    private Group(UpstreamConfig upstream, Map<String, Target> now) {
      this.upstream = upstream;
      this.now = now;
    }

    private List<Target> targets() {
      return chosen.stream().map(now::get).toList();
    }

    /** Streams first: a UDP target may have one of them as its twin. */
    private void add(List<Located> all) {
      final List<Order> orders = orders(all);
      final List<Candidate> candidates = new ArrayList<>();
      for (final Located located : all) {
        for (final FoundServer server : located.servers()) {
          final int priority =
              orders.indexOf(new Order(located.config().priority(), server.rank()));
          candidates.add(new Candidate(located.config(), server, priority));
        }
      }
      candidates.sort(Comparator.comparing(it -> !it.server.transport().isReliable()));
      for (final Candidate candidate : candidates) {
        add(candidate);
      }
    }

    private void add(Candidate candidate) {
      final FoundServer server = candidate.server;
      final String name = name(server.transport(), server);
      if (chosen.add(name)) {
        final String socket = candidate.config.sockets().get(server.transport());
        put(candidate, name, sockets.apply(socket), twin(candidate, socket));
      }
    }

    private Target twin(Candidate candidate, String udpSocket) {
      if (candidate.server.transport() != CoreTransport.UDP
          || upstream.sizeRule().oversize() != SizeRule.Oversize.TCP) {
        return null;
      }
      final String name = name(CoreTransport.TCP, candidate.server);
      if (now.containsKey(name)) {
        return now.get(name);
      }
      return tcpSocket(udpSocket)
          .map(socket -> put(candidate, name, sockets.apply(socket), null))
          .orElse(null);
    }

    private Target put(Candidate candidate, String name, CoreSocket socket, Target twin) {
      final FoundServer server = candidate.server;
      final Target made =
          new Target(
              name,
              socket,
              server.address(),
              candidate.priority,
              (int)
                  Math.round(
                      candidate.config.weight() * server.share() * UpstreamTargets.WEIGHT_SCALE),
              twin,
              new TreeSet<>(List.of(candidate.config.host(), server.host())),
              upstream.sizeRule());
      final Target target = keep(made);
      now.put(name, target);
      destinations.put(target, new Destination(target, upstream, candidate.config.host()));
      return target;
    }

    private String name(CoreTransport transport, FoundServer server) {
      final String address = server.address().getAddress().getHostAddress();
      return upstream.name()
          + "/"
          + transport.name().toLowerCase(Locale.ROOT)
          + ":"
          + HostPort.inUri(address)
          + ":"
          + server.address().getPort();
    }
  }

  private record Candidate(TargetConfig config, FoundServer server, int priority) {}

  /** Priorities of the configuration come first, then what DNS says. */
  private record Order(int priority, FoundServer.Rank rank) implements Comparable<Order> {
    @Override
    public int compareTo(Order other) {
      final int byPriority = Integer.compare(priority, other.priority);
      return byPriority != 0 ? byPriority : rank.compareTo(other.rank);
    }
  }

  /** In which the index of an order is the priority of a target. */
  private static List<Order> orders(List<Located> all) {
    final Set<Order> orders = new TreeSet<>();
    for (final Located located : all) {
      for (final FoundServer server : located.servers()) {
        orders.add(new Order(located.config().priority(), server.rank()));
      }
    }
    return List.copyOf(orders);
  }

  /** That of the same address if there is one. */
  private Optional<String> tcpSocket(String udpSocket) {
    final String host =
        socketConfigs.stream()
            .filter(socket -> socket.name().equals(udpSocket))
            .map(CoreSocketConfig::host)
            .findFirst()
            .orElse("");
    return socketConfigs.stream()
        .filter(socket -> socket.transport() == CoreTransport.TCP)
        .min(
            Comparator.comparing((CoreSocketConfig socket) -> !socket.host().equals(host))
                .thenComparing(CoreSocketConfig::name))
        .map(CoreSocketConfig::name);
  }

  private Target keep(Target made) {
    final Target before = known.get(made.name());
    if (before == null) {
      return made;
    }
    if (before.socket() == made.socket()
        && before.address().equals(made.address())
        && before.priority() == made.priority()
        && before.weight() == made.weight()
        && before.twin() == made.twin()
        && before.hosts().equals(made.hosts())
        && Objects.equals(before.sizeRule(), made.sizeRule())) {
      return before;
    }
    made.health(before.health());
    return made;
  }
}
