package org.millrace.jetty.handshake;

import java.net.SocketAddress;
import java.util.Optional;
import org.eclipse.jetty.server.Connector;
import org.millrace.jetty.config.EdgeConfig;
import org.millrace.jetty.config.HandshakeConfig;
import org.millrace.jetty.config.ListenerConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Judges the opening handshakes of one listener, counts and logs those that are refused. */
public final class ListenerHandshakes {
  private static final Logger LOG = LoggerFactory.getLogger(ListenerHandshakes.class);

  private final Handshakes shared;
  private final String listener;
  private final HandshakeConfig config;
  private final TrustedProxies trustedProxies;
  private final HandshakePolicy policy;

  /**
   * Reads the rules of a listener.
   *
   * @throws IllegalArgumentException if one of them is wrong; the message says which and why.
   */
  public ListenerHandshakes(EdgeConfig config, ListenerConfig listener, Handshakes shared) {
    this.shared = shared;
    this.listener = listener.name();
    this.config = config.handshake();
    trustedProxies = new TrustedProxies(config.trustedProxies());
    policy = new HandshakePolicy(config, listener, trustedProxies, shared);
  }

  /** Those of the listener that a request came to. */
  static Optional<ListenerHandshakes> of(Connector connector) {
    return Optional.ofNullable(connector.getBean(ListenerHandshakes.class));
  }

  HandshakeConfig config() {
    return config;
  }

  TrustedProxies trustedProxies() {
    return trustedProxies;
  }

  HandshakeLimits limits() {
    return shared.limits();
  }

  HandshakeCounters counters() {
    return shared.counters();
  }

  HandshakeSwitch gate() {
    return shared.gate();
  }

  /** Judges a request; a failure of our own is a refusal too (step 22). */
  Decision decide(RequestHead head, Peer peer, int pipelined) {
    Decision decision;
    try {
      decision = policy.decide(head, peer, pipelined);
    } catch (RuntimeException e) {
      LOG.error("Judging a handshake failed", e);
      decision = new Refusal(500, RefusalReason.INTERNAL);
    }
    if (decision instanceof Refusal refusal) {
      final SocketAddress client = trustedProxies.client(peer.client(), head);
      refused(peer.transport(), client, Optional.of(head.target().path()), refusal);
    }
    return decision;
  }

  /** The answer to a head that could not be read, or not in time. */
  Refusal unreadable(RefusalReason reason, Peer peer) {
    final Refusal refusal = policy.unreadable(reason, peer);
    refused(peer.transport(), peer.client(), Optional.empty(), refusal);
    return refusal;
  }

  /** A connection was closed as soon as it was accepted. */
  void droppedAtAccept(SocketAddress peer, RefusalReason reason) {
    refused(peer, peer, Optional.empty(), new Refusal(0, reason));
  }

  /** A connection never came as far as HTTP. */
  void expiredSilently(AdmittedEndPoint endPoint) {
    final SocketAddress peer = endPoint.getRemoteSocketAddress();
    refused(peer, peer, Optional.empty(), new Refusal(0, RefusalReason.NOTHING_RECEIVED));
    endPoint.close();
  }

  /** Jetty could not make sense of a request. */
  void objected(int status, SocketAddress peer) {
    final RefusalReason reason = status < 500 ? RefusalReason.SYNTAX : RefusalReason.INTERNAL;
    refused(peer, peer, Optional.empty(), new Refusal(status, reason));
  }

  /** What passed every check could not be upgraded after all. */
  void failedLater(AcceptedHandshake handshake, int status) {
    refused(
        handshake.transport(),
        handshake.client(),
        Optional.of(handshake.path().path()),
        new Refusal(status, RefusalReason.INTERNAL));
  }

  private void refused(
      SocketAddress transport, SocketAddress client, Optional<String> path, Refusal refusal) {
    shared.counters().failed(refusal.reason());
    shared.log().refused(listener, transport, client, path, refusal);
  }
}
