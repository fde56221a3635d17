package org.millrace.jetty.upstream;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.engine.sip.Target;

/**
 * The connections with one target. A thread that sends keeps to one of them, so that a CANCEL does
 * not overtake its INVITE, unless that one is not open and another is.
 *
 * <p>The target is down while there is none and connecting has failed (C-69), and up again with the
 * first; what else is found out about its health is left alone.
 */
final class StreamRoute {
  private final Destination destination;
  private final Target target;
  private final UnsentListener unsent;
  private final Link[] links;

  // The control thread's.
  private final Set<Link> reachable = new HashSet<>();

  /** Whether a connection is all that is missing; so it is where nobody else would find it well. */
  private boolean markedDown;

  /**
   * @param newLink makes a link that tells this listener.
   */
  StreamRoute(
      Destination destination, UnsentListener unsent, Function<Link.Listener, Link> newLink) {
    this.destination = destination;
    target = destination.target();
    markedDown =
        target.health() == Target.Health.DOWN && !destination.upstream().health().enabled();
    this.unsent = unsent;
    links = new Link[destination.upstream().maxConnections()];
    for (int i = 0; i < links.length; i++) {
      final LinkListener listener = new LinkListener();
      links[i] = newLink.apply(listener);
      listener.link = links[i];
    }
  }

  Target target() {
    return target;
  }

  Destination destination() {
    return destination;
  }

  /** Connects now what is not connected. */
  void hurry() {
    for (final Link link : links) {
      link.hurry();
    }
  }

  void start() {
    for (final Link link : links) {
      link.start();
    }
  }

  void stop() {
    for (final Link link : links) {
      link.stop();
    }
  }

  /** How many are open. */
  int connections() {
    return (int) Arrays.stream(links).filter(Link::isOpen).count();
  }

  int send(DirectBuffer buffer, int offset, int length) {
    return link().send(buffer, offset, length);
  }

  private Link link() {
    final int first = (int) (Thread.currentThread().getId() % links.length);
    for (int i = 0; i < links.length; i++) {
      final Link link = links[(first + i) % links.length];
      if (link.isOpen()) {
        return link;
      }
    }
    return links[first];
  }

  private final class LinkListener implements Link.Listener {
    private Link link;

    @Override
    public void opened() {
      reachable.add(link);
      if (markedDown) {
        markedDown = false;
        target.health(Target.Health.UP);
      }
    }

    @Override
    public void unreachable() {
      reachable.remove(link);
      if (reachable.isEmpty() && target.health() != Target.Health.DOWN) {
        markedDown = true;
        target.health(Target.Health.DOWN);
      }
    }

    @Override
    public void unsent(byte[] message) {
      unsent.onUnsent(target, new UnsafeBuffer(message), 0, message.length);
    }

    @Override
    public void ended() {
      reachable.remove(link);
    }
  }
}
