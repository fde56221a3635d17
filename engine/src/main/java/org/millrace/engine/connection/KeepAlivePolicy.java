package org.millrace.engine.connection;

import org.millrace.engine.frame.Role;

/** The keep-alive settings of a {@link ConnectionContext} as the wheel wants them. */
final class KeepAlivePolicy {
  private static final long NS_PER_SECOND = 1_000_000_000L;

  final KeepAliveMechanism mechanism;
  final long timeoutNs;
  final long jitterNs;
  final long pongTimeoutNs;
  final byte[] data;

  /** Time that one ping of the peer uses up, and how much it may use in advance. */
  final long pingIntervalNs;

  final long pingToleranceNs;

  KeepAlivePolicy(ConnectionContext context) {
    mechanism =
        context.isStream() && context.role() == Role.SERVER
            ? KeepAliveMechanism.NONE
            : context.keepAliveMechanism();
    timeoutNs = context.keepAliveTimeout().toNanos();
    jitterNs = (long) (timeoutNs * context.keepAliveJitter());
    pongTimeoutNs = context.pongTimeout().toNanos();
    data = context.keepAliveData();
    pingIntervalNs = NS_PER_SECOND / context.pingRate();
    pingToleranceNs = pingIntervalNs * (context.pingBurst() - 1);
  }
}
