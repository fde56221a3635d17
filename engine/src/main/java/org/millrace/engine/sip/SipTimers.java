package org.millrace.engine.sip;

import java.util.concurrent.TimeUnit;
import org.millrace.engine.connection.ConfigurationException;

/**
 * How long transactions wait (RFC 3261 section 17.1.1.1). Immutable.
 *
 * @param t1Ns estimate of a round trip; the first retransmission comes after it.
 * @param t2Ns longest wait between retransmissions of what is no INVITE.
 */
public record SipTimers(long t1Ns, long t2Ns) {
  /** 500 ms and 4 s. */
  public static final SipTimers DEFAULT =
      new SipTimers(TimeUnit.MILLISECONDS.toNanos(500), TimeUnit.SECONDS.toNanos(4));

  private static final int ROUND_TRIPS = 64;

  public SipTimers {
    ConfigurationException.require(t1Ns > 0, "t1", t1Ns, "must be more than 0");
    ConfigurationException.require(t2Ns >= t1Ns, "t2", t2Ns, "must be t1 or more");
  }

  /** 64 times T1: when a transaction without an answer has failed (timers B and F). */
  public long transactionNs() {
    return ROUND_TRIPS * t1Ns;
  }
}
