package org.millrace.jetty.upstream;

import java.util.List;
import java.util.Map;
import org.millrace.engine.sip.Target;

/**
 * Where the core is at one time.
 *
 * @param groups the targets of each upstream by its name.
 * @param destinations all targets, and the twins of those over UDP.
 */
public record UpstreamTargets(Map<String, List<Target>> groups, List<Destination> destinations) {
  /** So that a share of a weight is still a whole number, and the largest one fits. */
  static final int WEIGHT_SCALE = 60;

  /** A target's part of the weight that the configuration gives to its name. */
  public static double weight(Target target) {
    return (double) target.weight() / WEIGHT_SCALE;
  }
}
