package org.millrace.engine.sip;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * All that the core consists of: groups of targets, and which next hops a client may name. Changed
 * as a whole by one thread, when names resolve to other addresses; read by every router.
 */
public final class UpstreamSet {
  private record Snapshot(
      Map<String, List<Target>> groups,
      Long2ObjectHashMap<String> names,
      Map<Target, Target> byTwin,
      NextHops nextHops) {
    static Snapshot of(Map<String, List<Target>> groups) {
      final Long2ObjectHashMap<String> names = new Long2ObjectHashMap<>();
      final Map<Target, Target> byTwin = new HashMap<>();
      groups.forEach(
          (name, targets) -> {
            names.put(hash(name), name);
            targets.stream()
                .filter(it -> it.twin() != null)
                .forEach(it -> byTwin.put(it.twin(), it));
          });
      return new Snapshot(Map.copyOf(groups), names, byTwin, new NextHops(groups.values()));
    }
  }

  private volatile Snapshot snapshot = Snapshot.of(Map.of());

  /** Puts other targets in place of all. A target that stays keeps its instance, and its health. */
  public void update(Map<String, List<Target>> newGroups) {
    final Map<String, List<Target>> groups = new HashMap<>();
    newGroups.forEach(
        (name, targets) -> {
          final List<Target> sorted = new ArrayList<>(targets);
          sorted.sort(Comparator.comparingInt(Target::priority));
          groups.put(name, List.copyOf(sorted));
        });
    snapshot = Snapshot.of(groups);
  }

  /** What a group is found by where its name cannot be passed. */
  static long hash(String group) {
    long hash = Hash.EMPTY;
    for (int i = 0; i < group.length(); i++) {
      hash = Hash.add(hash, group.charAt(i));
    }
    return Hash.mix(hash);
  }

  /** The group of that {@link #hash}, or null. */
  String groupName(long hash) {
    return snapshot.names.get(hash);
  }

  /** The target of that {@link Target#nameHash}, or null. */
  Target target(long nameHash) {
    return snapshot.nextHops.byHash(nameHash);
  }

  /** The target of the same name that has taken over from one, if any has; else that one. */
  Target current(Target target) {
    final Target now = snapshot.nextHops.byHash(target.nameHash());
    return now == null ? target : now;
  }

  /**
   * The target over UDP that this one is the twin of: what cannot go over the twin goes there after
   * all (C-65).
   *
   * @return null if there is none, or it is down.
   */
  Target overUdp(Target twin) {
    final Target udp = snapshot.byTwin.get(twin);
    return udp == null || udp.health() == Target.Health.DOWN ? null : udp;
  }

  /** The targets of a group by priority, empty if there is no such group. */
  public List<Target> group(String name) {
    return snapshot.groups.getOrDefault(name, List.of());
  }

  /**
   * The target that a host of a URI means, if it is one of the core's (C-6). Any thread, with
   * scratch space of its own.
   *
   * @param hostOffset of an IP address, or a name in any case; nothing is resolved.
   * @param port -1 if none is given: the default of the target's transport.
   * @param transport null if none is given: UDP if there is such a target, else what there is.
   * @param secure for {@code sips}: only TLS and WSS, whatever is named.
   * @param key among several with one name, as {@link Rendezvous#key}.
   * @return null if there is none. It may be down, if no other is meant.
   */
  Target find(
      byte[] buffer,
      int hostOffset,
      int hostLength,
      int port,
      CoreTransport transport,
      boolean secure,
      long key,
      IpLiteral scratch) {
    return snapshot.nextHops.find(
        buffer, hostOffset, hostLength, port, transport, secure, key, scratch);
  }
}
