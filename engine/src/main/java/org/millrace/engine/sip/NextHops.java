package org.millrace.engine.sip;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The next hops that may be named in a URI: every target by its address and by its configured names
 * (C-6). Immutable, so any thread may look; a look-up reads text and resolves nothing.
 */
final class NextHops {
  /** What is compared with the named host. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Hop(Target target, long high, long low, byte[][] names) {
    static Hop of(Target target) {
      final InetAddress address = target.address().getAddress();
      final IpLiteral literal = new IpLiteral();
      if (address != null) {
        literal.set(address);
      }
      final byte[][] names =
          target.hosts().stream()
              .map(host -> Octets.ascii(host.toLowerCase(Locale.ROOT)))
              .toArray(byte[][]::new);
      return new Hop(target, literal.high(), literal.low(), names);
    }

    boolean hasName(byte[] buffer, int offset, int length) {
      for (final byte[] name : names) {
        if (Octets.equalIgnoringCase(buffer, offset, length, name)) {
          return true;
        }
      }
      return false;
    }
  }

  private final Hop[] hops;

  NextHops(Collection<List<Target>> groups) {
    final Set<Target> targets = new LinkedHashSet<>();
    for (final List<Target> group : groups) {
      for (final Target target : group) {
        targets.add(target);
        if (target.twin() != null) {
          targets.add(target.twin());
        }
      }
    }
    final List<Hop> found = new ArrayList<>();
    targets.forEach(target -> found.add(Hop.of(target)));
    hops = found.toArray(Hop[]::new);
  }

  /** Null if there is none. */
  Target byHash(long nameHash) {
    for (final Hop hop : hops) {
      if (hop.target.nameHash() == nameHash) {
        return hop.target;
      }
    }
    return null;
  }

  /** See {@link UpstreamSet#find}. */
  Target find(
      byte[] buffer,
      int hostOffset,
      int hostLength,
      int port,
      CoreTransport transport,
      boolean secure,
      long key,
      IpLiteral scratch) {
    final boolean literal = scratch.parse(buffer, hostOffset, hostLength);
    Target best = null;
    for (final Hop hop : hops) {
      final Target target = hop.target;
      final boolean named =
          literal
              ? target.address().getAddress() != null && scratch.is(hop.high, hop.low)
              : hop.hasName(buffer, hostOffset, hostLength);
      if (named
          && isPort(target, port, literal)
          && isTransport(target.transport(), transport, secure)
          && (best == null || isBetter(target, best, transport, key))) {
        best = target;
      }
    }
    return best;
  }

  /** A name without a port stands for whatever ports its records say (RFC 3263 section 4.2). */
  private static boolean isPort(Target target, int port, boolean literal) {
    if (port < 0) {
      return !literal || target.address().getPort() == target.transport().defaultPort();
    }
    return target.address().getPort() == port;
  }

  /** {@code ws} is also said of WSS (B-8), and {@code tcp} of TLS where the scheme is sips. */
  private static boolean isTransport(CoreTransport has, CoreTransport named, boolean secure) {
    if (secure && !has.isSecure()) {
      return false;
    }
    if (named == null || has == named) {
      return true;
    }
    return (named == CoreTransport.WS && has == CoreTransport.WSS)
        || (named == CoreTransport.TCP && has == CoreTransport.TLS && secure);
  }

  /** One that is up; then UDP unless a transport is named (RFC 3263 section 4.1); then the draw. */
  private static boolean isBetter(Target target, Target best, CoreTransport named, long key) {
    final Target.Health health = target.health();
    final Target.Health bestHealth = best.health();
    if (health != bestHealth) {
      return health.compareTo(bestHealth) < 0;
    }
    if (named == null && target.transport().isReliable() != best.transport().isReliable()) {
      return !target.transport().isReliable();
    }
    if (target.priority() != best.priority()) {
      return target.priority() < best.priority();
    }
    return Rendezvous.score(target, key) > Rendezvous.score(best, key);
  }
}
