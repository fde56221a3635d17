package org.millrace.bench.endtoend;

import java.util.List;
import java.util.Optional;
import org.millrace.bench.peer.Peer;

/**
 * What Millrace must stay within.
 *
 * @param beside the peer whose figure is one; empty if the target is a figure itself.
 * @param most the largest ratio, or figure, that meets the target.
 */
record Target(Mode mode, Optional<Peer> beside, double most) {
  private static final double KIB = 1024;

  static final List<Target> ALL =
      List.of(
          ratio(Mode.BATCHED, Peer.JETTY, 0.2),
          ratio(Mode.BATCHED, Peer.NETTY, 0.5),
          ratio(Mode.SINGLE, Peer.JETTY, 0.7),
          ratio(Mode.HANDSHAKE, Peer.JETTY, 1.1),
          new Target(Mode.IDLE, Optional.empty(), 1.8 * KIB));

  private static Target ratio(Mode mode, Peer beside, double most) {
    return new Target(mode, Optional.of(beside), most);
  }

  /** Whether all that it takes was measured. */
  boolean isMeasuredBy(Figures figures) {
    return figures.has(mode, Peer.MILLRACE)
        && beside.map(peer -> figures.has(mode, peer)).orElse(true);
  }

  double measured(Figures figures) {
    return figures.median(mode, Peer.MILLRACE)
        / beside.map(peer -> figures.median(mode, peer)).orElse(1.0);
  }

  boolean isMetBy(Figures figures) {
    return measured(figures) <= most;
  }
}
