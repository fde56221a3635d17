package org.millrace.engine.sip;

import java.util.List;
import java.util.function.Predicate;

/**
 * Choice of one target by highest random weight (C-70): each target draws a number from the key and
 * its own name, and the highest wins. So nodes agree without speaking, and a target that comes or
 * goes moves only the keys that it wins or had won.
 */
final class Rendezvous {
  /** The share of a target of weight 0 beside others: very small, as RFC 2782 wants it. */
  private static final double LEAST_WEIGHT = 0.01;

  /** No score is negative. */
  private static final double UNKNOWN = -1;

  private final SipUri uri = new SipUri();

  /**
   * What the choice for a request hangs on: the Call-ID, equal in INVITE, CANCEL, ACK and all of
   * the dialog (C-11); the address of record of REGISTER, so that a user's bindings meet.
   */
  long key(SipMessage request) {
    if (request.method() == SipMethod.REGISTER) {
      return addressOfRecord(request.text(), request.to());
    }
    final int callId = request.header(HeaderName.CALL_ID);
    final int start = request.valueStart(callId);
    return Hash.mix(Hash.add(Hash.EMPTY, request.text(), start, request.valueEnd(callId) - start));
  }

  private long addressOfRecord(byte[] buffer, NameAddr to) {
    if (!uri.parse(buffer, to.uriOffset(), to.uriLength()) || !uri.isSip()) {
      return Hash.mix(Hash.add(Hash.EMPTY, buffer, to.uriOffset(), to.uriLength()));
    }
    long hash = Hash.EMPTY;
    final int end = uri.userOffset() + Math.max(0, uri.userLength());
    for (int at = uri.hasUser() ? uri.userOffset() : end; at < end; at++) {
      int b = buffer[at];
      if (b == '%' && at + 2 < end) {
        final int value = (Octets.hex(buffer[at + 1]) << 4) | Octets.hex(buffer[at + 2]);
        if (value >= 0) {
          b = value;
          at += 2;
        }
      }
      hash = Hash.add(hash, b);
    }
    hash = Hash.add(hash, '@');
    return Hash.mix(Hash.addLower(hash, buffer, uri.hostOffset(), uri.hostLength()));
  }

  /**
   * The target that wins among those of the lowest priority number that may be had.
   *
   * @param draining whether those that are about to go may be had, for what they already have.
   * @param secureOnly for {@code sips} (C-72).
   * @return null if there is none.
   */
  static Target choose(List<Target> targets, long key, boolean draining, boolean secureOnly) {
    return choose(targets, key, draining, secureOnly, Rendezvous::any);
  }

  private static boolean any(Target target) {
    return true;
  }

  /** As the other one, of those that pass. */
  static Target choose(
      List<Target> targets,
      long key,
      boolean draining,
      boolean secureOnly,
      Predicate<Target> passes) {
    Target best = null;
    double bestScore = UNKNOWN;
    for (int i = 0; i < targets.size(); i++) {
      final Target target = targets.get(i);
      if (!isEligible(target, draining)
          || (secureOnly && !target.transport().isSecure())
          || !passes.test(target)) {
        continue;
      }
      if (best == null || target.priority() < best.priority()) {
        best = target;
        bestScore = UNKNOWN;
      } else if (target.priority() == best.priority()) {
        bestScore = bestScore == UNKNOWN ? score(best, key) : bestScore;
        final double score = score(target, key);
        if (score > bestScore) {
          best = target;
          bestScore = score;
        }
      }
    }
    return best;
  }

  private static boolean isEligible(Target target, boolean draining) {
    return switch (target.health()) {
      case UP -> true;
      case DRAINING -> draining;
      case DOWN -> false;
    };
  }

  /** By its weight's share of all keys the highest. */
  static double score(Target target, long key) {
    final long drawn = Hash.mix(key ^ target.nameHash());
    final double uniform = ((drawn >>> 11) + 0.5) * 0x1p-53;
    return Math.max(LEAST_WEIGHT, target.weight()) / -Math.log(uniform);
  }
}
