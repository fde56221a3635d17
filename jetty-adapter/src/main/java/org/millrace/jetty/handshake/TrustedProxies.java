package org.millrace.jetty.handshake;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import org.millrace.jetty.config.Network;

/** Peers that are believed when they say for whom they speak. */
public final class TrustedProxies {
  private final List<Network> networks;

  public TrustedProxies(List<Network> networks) {
    this.networks = List.copyOf(networks);
  }

  /** Whether a peer is one of them; sockets that are not IP are not. */
  public boolean contains(SocketAddress peer) {
    return Peer.inetAddress(peer).filter(this::contains).isPresent();
  }

  boolean contains(InetAddress address) {
    for (int i = 0; i < networks.size(); i++) {
      if (networks.get(i).contains(address)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Address of the client itself: the right-most one in Forwarded, or else in X-Forwarded-For, that
   * is not a trusted proxy's, if the peer is one. Whatever stands further left may be made up.
   */
  SocketAddress client(SocketAddress peer, RequestHead head) {
    if (!contains(peer)) {
      return peer;
    }
    final boolean standard = !head.values("forwarded").isEmpty();
    final List<String> hops = standard ? Forwarded.hops(head) : head.members("x-forwarded-for");
    SocketAddress client = peer;
    for (int i = hops.size() - 1; i >= 0; i--) {
      final Optional<InetSocketAddress> hop = Forwarded.node(hops.get(i));
      if (hop.isEmpty()) {
        return client;
      }
      client = hop.get();
      if (!contains(client)) {
        return client;
      }
    }
    return client;
  }
}
