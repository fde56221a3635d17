package org.millrace.engine.sip;

import java.util.List;
import java.util.Map;

/**
 * All that the core consists of: groups of targets, and which next hops a client may name. Changed
 * as a whole by one thread, when names resolve to other addresses; read by every router.
 */
public final class UpstreamSet {
  private volatile Map<String, List<Target>> groups = Map.of();

  /** Puts other targets in place of all. A target that stays keeps its instance, and its health. */
  public void update(Map<String, List<Target>> newGroups) {
    groups = Map.copyOf(newGroups);
  }

  /** The targets of a group, empty if there is no such group. */
  public List<Target> group(String name) {
    return groups.getOrDefault(name, List.of());
  }
}
