package org.millrace.engine.sip;

/**
 * How fast the requests of one flow come (C-1), as a bucket that a request takes from and time
 * fills. Owned by the flow's shard.
 */
final class RequestRate {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final SipContext context;

  /** When the bucket will be full, or was. */
  private long fullNs;

  private int refused;

  /**
   * @param context has a highest rate.
   */
  RequestRate(SipContext context, long nowNs) {
    this.context = context;
    fullNs = nowNs;
  }

  /** Takes a request's share, if it is there. */
  boolean admits(long nowNs) {
    final long missingNs = Math.max(0, fullNs - nowNs);
    if (missingNs == 0) {
      refused = 0;
    }
    final long intervalNs = NANOS_PER_SECOND / context.maxRequestRate();
    if (missingNs > (context.requestBurst() - 1) * intervalNs) {
      refused++;
      return false;
    }
    fullNs = nowNs + missingNs + intervalNs;
    return true;
  }

  /** Whether more have been refused than will be borne. */
  boolean isFlood() {
    return refused > context.maxRefusedRequests();
  }
}
