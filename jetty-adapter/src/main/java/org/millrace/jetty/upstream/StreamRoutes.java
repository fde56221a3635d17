package org.millrace.jetty.upstream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.agrona.DirectBuffer;
import org.millrace.engine.connection.SendResult;
import org.millrace.engine.sip.CoreHop;
import org.millrace.engine.sip.CoreSocket;
import org.millrace.engine.sip.CoreTransport;
import org.millrace.engine.sip.Target;

/** Which connections lead to which target. */
final class StreamRoutes {
  private static final int MOST_ANSWER_LINKS = 64;

  private final LinkFactory links;
  private final Consumer<Runnable> later;
  private final CoreCounters counters;
  private final UnsentListener unsent;
  private final ConcurrentMap<Target, StreamRoute> routes = new ConcurrentHashMap<>();
  private final ConcurrentMap<AnswerRoute, Link> answerLinks = new ConcurrentHashMap<>();
  private final Leaving<Target> leaving = new Leaving<>(this);

  /** From where and where to, as the answer's Via says. */
  private record AnswerRoute(CoreSocket socket, InetSocketAddress peer) {}

  StreamRoutes(
      LinkFactory links, Consumer<Runnable> later, CoreCounters counters, UnsentListener unsent) {
    this.links = links;
    this.later = later;
    this.counters = counters;
    this.unsent = unsent;
  }

  /** Makes connections with targets that are new, and in a while ends those with others. */
  synchronized void update(Collection<Destination> destinations) throws IOException {
    final Set<Target> wanted = new HashSet<>();
    for (final Destination destination : destinations) {
      final Target target = destination.target();
      if (target.transport() != CoreTransport.UDP) {
        wanted.add(target);
        leaving.keep(target);
        if (!routes.containsKey(target)) {
          final StreamRoute route = newRoute(destination);
          routes.put(target, route);
          route.start();
        }
      }
    }
    for (final Target target : routes.keySet()) {
      if (!wanted.contains(target) && !leaving.contains(target)) {
        leaving.add(target, later, over -> routes.remove(over).stop());
      }
    }
  }

  private StreamRoute newRoute(Destination destination) throws IOException {
    try {
      return new StreamRoute(destination, unsent, listener -> newLink(destination, listener));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private Link newLink(Destination destination, Link.Listener listener) {
    try {
      return links.newLink(
          destination.target(), destination.upstream(), destination.domain(), listener);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Connects now with targets that are not connected. Any thread.
   *
   * @return whether there are such targets, connected or not.
   */
  boolean hurry(Predicate<Destination> which) {
    boolean any = false;
    for (final StreamRoute route : routes.values()) {
      if (which.test(route.destination())) {
        route.hurry();
        any = true;
      }
    }
    return any;
  }

  /** Open ones with a target. Any thread. */
  int connections(Target target) {
    final StreamRoute route = routes.get(target);
    return route == null ? 0 : route.connections();
  }

  /** One of {@link SendResult}. Any thread. */
  int send(Target target, DirectBuffer buffer, int offset, int length) {
    final StreamRoute route = routes.get(target);
    if (route == null) {
      counters.increment(CoreCounter.STREAM_UNREACHABLE);
      return SendResult.NOT_OPEN;
    }
    return route.send(buffer, offset, length);
  }

  /**
   * Sends an answer whose connection has gone (C-43): by one of those with the target at that
   * address and the port that its Via says, else over TCP by a new one with that port. If the Via
   * says no port, or where a new one cannot be had, any target at that address will do; without
   * one, over TCP, the transport's own port. Over TLS nobody knows whose certificate to expect at
   * an address that is no target's.
   */
  int sendAnswer(CoreHop hop, DirectBuffer buffer, int offset, int length) {
    counters.increment(CoreCounter.STREAM_ANSWERS_REROUTED);
    final byte[] address = Arrays.copyOf(hop.address(), hop.addressLength());
    final CoreTransport transport = hop.socket().transport();
    final int said = hop.sentByPort();
    final int port = said > 0 ? said : transport.defaultPort();
    final boolean mayConnect = transport == CoreTransport.TCP;
    final StreamRoute route = routeTo(hop.socket(), address, port, said > 0 && mayConnect);
    if (route != null) {
      return route.send(buffer, offset, length);
    }
    if (!mayConnect) {
      counters.increment(CoreCounter.STREAM_UNREACHABLE);
      return SendResult.NOT_OPEN;
    }
    final Link link = answerLink(new AnswerRoute(hop.socket(), PeerAddresses.make(address, port)));
    return link == null ? SendResult.NOT_OPEN : link.send(buffer, offset, length);
  }

  /**
   * That with the target at an address.
   *
   * @param exactly whether one with another port will not do.
   */
  private StreamRoute routeTo(CoreSocket socket, byte[] address, int port, boolean exactly) {
    StreamRoute found = null;
    for (final StreamRoute route : routes.values()) {
      final Target target = route.target();
      if (target.socket() == socket && isAt(target, address)) {
        if (target.address().getPort() == port) {
          return route;
        }
        found = exactly ? null : route;
      }
    }
    return found;
  }

  private static boolean isAt(Target target, byte[] address) {
    return Arrays.equals(target.address().getAddress().getAddress(), address);
  }

  private Link answerLink(AnswerRoute route) {
    final Link known = answerLinks.get(route);
    if (known != null) {
      return known;
    }
    if (answerLinks.size() >= MOST_ANSWER_LINKS) {
      counters.increment(CoreCounter.STREAM_UNREACHABLE);
      return null;
    }
    return answerLinks.computeIfAbsent(
        route,
        key -> {
          final Link link = links.newAnswerLink(key.socket(), key.peer(), new AnswerListener(key));
          link.start();
          return link;
        });
  }

  synchronized void stop() {
    routes.values().forEach(StreamRoute::stop);
    answerLinks.values().forEach(Link::stop);
  }

  private final class AnswerListener implements Link.Listener {
    private final AnswerRoute route;

    private AnswerListener(AnswerRoute route) {
      this.route = route;
    }

    @Override
    public void opened() {}

    @Override
    public void unreachable() {}

    @Override
    public void unsent(byte[] message) {}

    @Override
    public void ended() {
      answerLinks.remove(route);
    }
  }
}
