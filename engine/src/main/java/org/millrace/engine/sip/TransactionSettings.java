package org.millrace.engine.sip;

import java.util.concurrent.TimeUnit;
import org.millrace.engine.connection.ConfigurationException;

/**
 * The bounds of transaction mode (C-61, C-62). Immutable.
 *
 * @param timers of RFC 3261.
 * @param timerCNs how long an INVITE may ring without another provisional answer: more than three
 *     minutes (timer C).
 * @param failoverNs how long a target may be silent while another one is left to try. The last one
 *     has 64 times T1.
 * @param maxTargets most targets that one request is sent to, 1 to 8.
 * @param maxTransactions most at a time; what finds no room is forwarded without state.
 * @param maxBytes most memory for their messages; each takes a multiple of 1024.
 */
public record TransactionSettings(
    SipTimers timers,
    long timerCNs,
    long failoverNs,
    int maxTargets,
    int maxTransactions,
    long maxBytes) {
  /** Most that one request may be sent to. */
  public static final int MOST_TARGETS = 8;

  /** 185 s, 10 s, three targets, 16384 transactions in 64 MiB. */
  public static final TransactionSettings DEFAULT =
      new TransactionSettings(
          SipTimers.DEFAULT,
          TimeUnit.SECONDS.toNanos(185),
          TimeUnit.SECONDS.toNanos(10),
          3,
          16 * 1024,
          64L * 1024 * 1024);

  public TransactionSettings {
    ConfigurationException.require(
        timerCNs > TimeUnit.MINUTES.toNanos(3), "timerC", timerCNs, "must be more than 3 minutes");
    ConfigurationException.require(
        failoverNs > 0 && failoverNs <= timers.transactionNs(),
        "failoverAfter",
        failoverNs,
        "must be more than 0, and at most 64 times T1");
    ConfigurationException.require(
        maxTargets >= 1 && maxTargets <= MOST_TARGETS, "maxTargets", maxTargets, "must be 1 to 8");
    ConfigurationException.require(
        maxTransactions > 0, "maxTransactions", maxTransactions, "must be 1 or more");
    ConfigurationException.require(maxBytes >= 0, "maxBytes", maxBytes, "must be 0 or more");
  }
}
