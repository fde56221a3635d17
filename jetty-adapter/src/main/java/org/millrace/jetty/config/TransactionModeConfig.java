package org.millrace.jetty.config;

import java.time.Duration;
import org.millrace.engine.sip.SipTimers;
import org.millrace.engine.sip.TransactionSettings;

/**
 * Bounds of the paths that are stateful proxies (C-61, C-62).
 *
 * @param timerC how long an INVITE may ring without another provisional answer.
 * @param failoverAfter how long a target may be silent while there is another one.
 * @param maxTargets most that one request is sent to.
 * @param max most requests at a time; more are forwarded without state.
 * @param memory most bytes that they are kept in.
 * @param queue bytes of the queue to the thread that keeps them.
 */
public record TransactionModeConfig(
    Duration timerC, Duration failoverAfter, int maxTargets, int max, long memory, int queue) {
  /**
   * The same for the proxy. A default that is longer than the timers allow gives way to them.
   *
   * @param repeated tells the timers.
   */
  public TransactionSettings settings(TransactionsConfig repeated) {
    final SipTimers timers = repeated.timers();
    return new TransactionSettings(
        timers,
        timerC.toNanos(),
        Math.min(failoverAfter.toNanos(), timers.transactionNs()),
        maxTargets,
        max,
        memory);
  }
}
