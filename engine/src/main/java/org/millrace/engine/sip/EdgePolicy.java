package org.millrace.engine.sip;

import java.util.Objects;

/**
 * How the flows of one listener's path are routed towards the core. Immutable.
 *
 * @param mode outbound with tokens, Kamailio's aliases, or both (C.0).
 * @param group name of the upstream group for requests that name no next hop (C-6).
 * @param forcePath adds Path also for clients that do not support it (C-22); else they get 421.
 * @param requirePath adds {@code Require: path} to what gets a Path (C-24).
 * @param doublePath adds a second Path value that faces the client (C-23).
 * @param singleRecordRoute one Record-Route value instead of two (C-37).
 * @param addReceived fills received on every Via of a client, not only where rport asks (B-9).
 * @param flowTimerSeconds for 2xx to REGISTER that require outbound; 0 for none (C-33).
 * @param assertIdentity sets P-Asserted-Identity from the flow's identity (B-23).
 * @param aliasMac whether aliases carry and need a MAC (C-52).
 * @param transactions what is known of the requests that are under way (C.0).
 */
public record EdgePolicy(
    Mode mode,
    String group,
    boolean forcePath,
    boolean requirePath,
    boolean doublePath,
    boolean singleRecordRoute,
    boolean addReceived,
    int flowTimerSeconds,
    boolean assertIdentity,
    boolean aliasMac,
    Transactions transactions) {
  /** How a client is found again. */
  public enum Mode {
    OUTBOUND,
    ALIAS,
    BOTH
  }

  /** What is kept of a client's request while the core is at it. */
  public enum Transactions {
    /** Over UDP it is repeated until it is answered (C-60); else nothing. */
    AUTO,
    /** A stateful proxy: it answers 100 and CANCEL, and goes to other targets (C-61, C-62). */
    TRANSACTION,
    /** Nothing: what UDP loses is lost. */
    STATELESS
  }

  public EdgePolicy {
    Objects.requireNonNull(mode, "mode");
    Objects.requireNonNull(group, "group");
    Objects.requireNonNull(transactions, "transactions");
  }

  /** Whether the proxy is a stateful one for the flow (C-61). */
  public boolean hasTransactions() {
    return transactions == Transactions.TRANSACTION;
  }

  /** The same with another answer to what is kept of a request. */
  public EdgePolicy withTransactions(Transactions value) {
    return new EdgePolicy(
        mode,
        group,
        forcePath,
        requirePath,
        doublePath,
        singleRecordRoute,
        addReceived,
        flowTimerSeconds,
        assertIdentity,
        aliasMac,
        value);
  }

  /** Whether the transport repeats a request of that {@link SipMethod} that may have been lost. */
  boolean isRetransmitted(int method) {
    return method != SipMethod.ACK && transactions != Transactions.STATELESS;
  }

  /** The defaults of the specification, towards {@code group}. */
  public static EdgePolicy to(String group) {
    return new EdgePolicy(
        Mode.OUTBOUND, group, true, false, false, false, false, 0, false, true, Transactions.AUTO);
  }
}
