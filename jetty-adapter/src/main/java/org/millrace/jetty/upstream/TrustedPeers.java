package org.millrace.jetty.upstream;

import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.millrace.jetty.config.Network;

/**
 * Addresses that are the core's: those of all targets, and configured networks (C-2). Changed as a
 * whole by one thread, read by any.
 */
final class TrustedPeers {
  /** Immutable; a new one for each change, so that whoever remembers an answer can tell. */
  static final class Snapshot {
    private final Set<InetAddress> addresses;
    private final List<Network> networks;

    private Snapshot(Collection<InetAddress> addresses, Collection<Network> networks) {
      this.addresses = Set.copyOf(addresses);
      this.networks = List.copyOf(networks);
    }

    boolean contains(InetAddress address) {
      if (addresses.contains(address)) {
        return true;
      }
      for (int i = 0; i < networks.size(); i++) {
        if (networks.get(i).contains(address)) {
          return true;
        }
      }
      return false;
    }
  }

  private volatile Snapshot snapshot = new Snapshot(Set.of(), List.of());

  void update(Collection<InetAddress> addresses, Collection<Network> networks) {
    snapshot = new Snapshot(addresses, networks);
  }

  Snapshot snapshot() {
    return snapshot;
  }

  boolean contains(InetAddress address) {
    return snapshot.contains(address);
  }
}
