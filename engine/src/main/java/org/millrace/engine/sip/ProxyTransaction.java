package org.millrace.engine.sip;

/**
 * One request of a client in transaction mode, with all attempts to have it answered. Used again
 * for others; belongs to {@link ProxyTransactionStore}.
 */
final class ProxyTransaction {
  /** How far it is. */
  enum State {
    /** Nothing has come from the current target. */
    CALLING,
    /** It has said something provisional. */
    PROCEEDING,
    /** The client has a final answer that is no 2xx to INVITE. */
    COMPLETED,
    /** An INVITE has been answered 2xx; more of them may come (RFC 6026). */
    ACCEPTED
  }

  static final int NONE = -1;

  final int slot;
  final Target[] targets = new Target[TransactionSettings.MOST_TARGETS];
  State state;
  long key;
  long flowId;
  boolean invite;

  /** The group that further targets come from; null if the client has named the next hop. */
  String group;

  /** The request as it left for the first target. */
  int text;

  /** That it was made for; null if its target had gone before it could leave. */
  CoreSocket socket;

  int length;

  /** Of the start line and header section, with the blank line. */
  int headerLength;

  long beganNs;

  /** When it was sent to the current target. */
  long sentNs;

  /** When an INVITE that rings is given up. */
  long timerCNs;

  /** Index of the current target. */
  int attempt;

  /** Of the first 2xx to an INVITE, or {@link #NONE}. */
  int acceptedAttempt;

  /** Whether the client wants it to end. */
  boolean cancelled;

  /** Which attempts have been sent a CANCEL, a bit each. */
  private int cancelsSent;

  ProxyTransaction(int slot) {
    this.slot = slot;
  }

  void begin(long newKey, long nowNs) {
    key = newKey;
    beganNs = nowNs;
    state = State.CALLING;
    attempt = 0;
    acceptedAttempt = NONE;
    cancelsSent = 0;
    cancelled = false;
  }

  boolean isUnanswered() {
    return state == State.CALLING || state == State.PROCEEDING;
  }

  /** The current one; null if it had gone before the request could leave. */
  Target target() {
    return targets[attempt];
  }

  boolean hasTried(Target target) {
    for (int i = 0; i <= attempt; i++) {
      if (targets[i] == target) {
        return true;
      }
    }
    return false;
  }

  /** Notes that a CANCEL is sent; whether it is the first of that attempt. */
  boolean cancelSent(int index) {
    final boolean first = !isCancelSent(index);
    cancelsSent |= 1 << index;
    return first;
  }

  boolean isCancelSent(int index) {
    return (cancelsSent & (1 << index)) != 0;
  }
}
