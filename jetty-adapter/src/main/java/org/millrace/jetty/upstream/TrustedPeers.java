package org.millrace.jetty.upstream;

import java.net.InetAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.millrace.jetty.config.Network;

/**
 * Addresses that are the core's: those of all targets, and configured networks (C-2). An address
 * that is no longer a target's may still answer for a while. Read by any thread.
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

  private final Leaving<InetAddress> leaving = new Leaving<>(this);
  private Set<InetAddress> addresses = Set.of();
  private List<Network> networks = List.of();
  private volatile Snapshot snapshot = new Snapshot(Set.of(), List.of());

  /**
   * Puts other addresses and networks in place of all.
   *
   * @param later runs a task when nothing is under way any more with an address that is gone.
   */
  synchronized void update(
      Collection<InetAddress> newAddresses,
      Collection<Network> newNetworks,
      Consumer<Runnable> later) {
    for (final InetAddress gone : addresses) {
      if (!newAddresses.contains(gone)) {
        leaving.add(gone, later, over -> publish());
      }
    }
    addresses = Set.copyOf(newAddresses);
    networks = List.copyOf(newNetworks);
    addresses.forEach(leaving::keep);
    publish();
  }

  private void publish() {
    final Set<InetAddress> all = new HashSet<>(addresses);
    all.addAll(leaving.all());
    snapshot = new Snapshot(all, networks);
  }

  Snapshot snapshot() {
    return snapshot;
  }

  boolean contains(InetAddress address) {
    return snapshot.contains(address);
  }
}
