package org.millrace.jetty.upstream;

import java.net.InetSocketAddress;
import java.util.Comparator;
import org.millrace.engine.sip.CoreTransport;

/**
 * A server that a target's name stands for.
 *
 * @param host the name that led to the address.
 * @param rank among the servers of the target, the lowest first.
 * @param share of what the target gets among those of the same rank, up to 1.
 */
record FoundServer(
    CoreTransport transport, InetSocketAddress address, String host, Rank rank, double share) {
  /** What DNS says of the order: NAPTR's, then that of SRV. */
  record Rank(int order, int preference, int priority) implements Comparable<Rank> {
    static final Rank FIRST = new Rank(0, 0, 0);

    private static final Comparator<Rank> COMPARATOR =
        Comparator.comparingInt(Rank::order)
            .thenComparingInt(Rank::preference)
            .thenComparingInt(Rank::priority);

    @Override
    public int compareTo(Rank other) {
      return COMPARATOR.compare(this, other);
    }
  }
}
