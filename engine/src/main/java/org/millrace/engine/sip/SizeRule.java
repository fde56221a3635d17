package org.millrace.engine.sip;

import java.util.Objects;

/**
 * What happens with a request that is too long for a datagram (C-65). Immutable.
 *
 * @param most bytes of a request, as it leaves, that may go over UDP in any case.
 * @param oversize what longer ones do.
 */
public record SizeRule(int most, Oversize oversize) {
  /** For requests over UDP that are longer than the limit. */
  public enum Oversize {
    /** They go to the target's twin; over UDP if it has none, or the twin is down. */
    TCP,
    /** They are answered 513. */
    REJECT,
    /** They go over UDP, and IP cuts them into fragments. */
    FRAGMENT
  }

  /** As RFC 3261 section 18.1.1 has it for an unknown path. */
  public static final SizeRule DEFAULT = new SizeRule(1300, Oversize.TCP);

  public SizeRule {
    Objects.requireNonNull(oversize, "oversize");
    if (most < 0) {
      throw new IllegalArgumentException("most=" + most + ": must be 0 or more");
    }
  }

  /**
   * By which target a request goes; one that has a rule of its own goes by that. If it is another,
   * the request has to be made again with that one's Via; if that one then refuses it, it goes to
   * the first all the same.
   *
   * @param length as it leaves.
   * @return the target, its twin, or null for 513.
   */
  public Target forSize(Target target, int length) {
    final SizeRule rule = target.sizeRule() == null ? this : target.sizeRule();
    if (length <= rule.most || target.transport() != CoreTransport.UDP) {
      return target;
    }
    return switch (rule.oversize) {
      case REJECT -> null;
      case FRAGMENT -> target;
      case TCP -> {
        final Target twin = target.twin();
        yield twin == null || twin.health() == Target.Health.DOWN ? target : twin;
      }
    };
  }
}
