package org.millrace.engine.sip;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * An INVITE that rings at several contacts at once (RFC 3261 section 16.7).
 *
 * <p>Shared: each contact's answers come on the shard that owns its connection, the caller's CANCEL
 * on another. What has happened is bits of one integer that are set by compare-and-set and never
 * cleared, so that of several who would do the same one does it. Order: the best answer is offered
 * before the bit that makes a branch final; so who sets the last of these sees the best of all. A
 * CANCEL goes to a branch once it is both cancelled and has answered provisionally, whichever comes
 * second. Nothing is held while sending.
 */
final class Fork {
  static final int MOST_BRANCHES = 8;

  /** The final answer that the caller would get as things stand. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Best(int status, byte[] response) {}

  private static final int PROVISIONAL = 1;
  private static final int FINAL = 1 << 8;
  private static final int CANCEL_SENT = 1 << 16;
  private static final int CANCELLED = 1 << 24;
  private static final int ANSWERED = 1 << 25;

  private final AtomicInteger state = new AtomicInteger();
  private final AtomicReference<Best> best = new AtomicReference<>();
  private final ByteKey key;
  private final Flow caller;
  private final byte[] invite;
  private final Flow[] targets;
  private final byte[][] uris;
  private final long deadlineNs;
  private volatile long completedNs;

  /**
   * @param key the branch that all its branches have in front.
   * @param invite the request without its body.
   * @param targets 2 to {@value #MOST_BRANCHES}.
   * @param uris the Request-URI for each.
   */
  Fork(ByteKey key, Flow caller, byte[] invite, Flow[] targets, byte[][] uris, long deadlineNs) {
    this.key = key;
    this.caller = caller;
    this.invite = invite;
    this.targets = targets;
    this.uris = uris;
    this.deadlineNs = deadlineNs;
  }

  private boolean set(int bit) {
    while (true) {
      final int before = state.get();
      if ((before & bit) != 0) {
        return false;
      }
      if (state.compareAndSet(before, before | bit)) {
        return true;
      }
    }
  }

  private boolean has(int bit) {
    return (state.get() & bit) != 0;
  }

  // Each returns whether it is so just now and by this call.

  boolean provisional(int branch) {
    return set(PROVISIONAL << branch);
  }

  boolean cancelled() {
    return set(CANCELLED);
  }

  boolean answered() {
    return set(ANSWERED);
  }

  /** Whether a CANCEL is due for the branch, by this caller. */
  boolean cancelDue(int branch) {
    return has(CANCELLED)
        && has(PROVISIONAL << branch)
        && !has(FINAL << branch)
        && set(CANCEL_SENT << branch);
  }

  /** Whether this made the last of all branches final. */
  boolean finished(int branch, long nowNs) {
    while (true) {
      final int before = state.get();
      final int after = before | (FINAL << branch);
      if (after == before) {
        return false;
      }
      if (state.compareAndSet(before, after)) {
        if (!isComplete(after)) {
          return false;
        }
        completedNs = nowNs;
        return true;
      }
    }
  }

  private boolean isComplete(int bits) {
    final int all = ((1 << targets.length) - 1) * FINAL;
    return (bits & all) == all;
  }

  boolean isFinal(int branch) {
    return has(FINAL << branch);
  }

  boolean isComplete() {
    return isComplete(state.get());
  }

  boolean isAnswered() {
    return has(ANSWERED);
  }

  /** Keeps the answer if it is better than the best so far: 6xx, else the lowest. */
  void offer(Best answer) {
    while (true) {
      final Best known = best.get();
      if (known != null && rank(known.status) <= rank(answer.status)) {
        return;
      }
      if (best.compareAndSet(known, answer)) {
        return;
      }
    }
  }

  private static int rank(int status) {
    return status >= 600 ? status - 600 : status;
  }

  /** Null if nobody has refused. */
  Best best() {
    return best.get();
  }

  ByteKey key() {
    return key;
  }

  Flow caller() {
    return caller;
  }

  byte[] invite() {
    return invite;
  }

  int branches() {
    return targets.length;
  }

  Flow target(int branch) {
    return targets[branch];
  }

  byte[] uri(int branch) {
    return uris[branch];
  }

  long deadlineNs() {
    return deadlineNs;
  }

  /** When {@link #finished} said yes. */
  long completedNs() {
    return completedNs;
  }
}
