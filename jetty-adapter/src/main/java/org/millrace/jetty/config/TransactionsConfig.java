package org.millrace.jetty.config;

import java.time.Duration;
import org.millrace.engine.sip.SipTimers;

/**
 * Requests that are repeated over UDP until they are answered (C-60).
 *
 * @param t1 first pause, doubled each time.
 * @param t2 longest pause, but for INVITE.
 * @param max most of them at a time; more are sent once only.
 * @param memory most bytes that they are kept in.
 */
public record TransactionsConfig(Duration t1, Duration t2, int max, long memory) {
  public SipTimers timers() {
    return new SipTimers(t1.toNanos(), t2.toNanos());
  }
}
