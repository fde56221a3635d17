package org.millrace.engine.sip;

import java.util.function.Predicate;
import org.millrace.engine.connection.SendResult;

/**
 * What transaction mode sends to the core: a request to one target after the other, ACK and CANCEL
 * to each of them (C-61, C-62). All is made of the request that the caller has read.
 */
final class ProxyAttempts {
  private final Rendezvous rendezvous = new Rendezvous();
  private final TransactionSettings settings;
  private final SipMessage request;
  private final HopMessages messages;
  private final ProxyTransactionStore store;
  private final UpstreamSet upstreams;
  private final SizeRule sizeRule;
  private final CoreSender core;
  private final SipCounters counters;
  private final Predicate<Target> untried = this::isUntried;
  private ProxyTransaction trying;

  /**
   * @param request the caller's, read before each call.
   */
  ProxyAttempts(
      TransactionSettings settings,
      SipMessage request,
      HopMessages messages,
      ProxyTransactionStore store,
      UpstreamSet upstreams,
      SizeRule sizeRule,
      CoreSender core,
      SipCounters counters) {
    this.settings = settings;
    this.request = request;
    this.messages = messages;
    this.store = store;
    this.upstreams = upstreams;
    this.sizeRule = sizeRule;
    this.core = core;
    this.counters = counters;
  }

  /** Sends the request as it has been read. */
  boolean send(Target target) {
    return send(target, true);
  }

  private boolean send(Target target, boolean retransmit) {
    final int length = request.end() - request.offset();
    return target != null
        && isSent(core.send(target, request.view(), request.offset(), length, retransmit));
  }

  /** The same without a transaction; what cannot go to a twin goes over UDP (C-65). */
  boolean forward(Target target, boolean retransmit) {
    if (send(target, retransmit)) {
      return true;
    }
    final Target udp = upstreams.overUdp(target);
    if (udp == null) {
      return false;
    }
    final SipWriter text = messages.request(request, target.socket(), udp.socket(), 0);
    return isSent(core.send(udp, text.buffer(), 0, text.length(), retransmit));
  }

  private boolean isSent(int result) {
    if (SendResult.isAccepted(result)) {
      counters.increment(SipCounter.FORWARDED_REQUESTS);
      return true;
    }
    return false;
  }

  /**
   * Sends the request to the next target that takes it; false if none is left.
   *
   * @param spoken whether the current target has answered. If not, what went to a twin goes to the
   *     same server over UDP first (C-65).
   */
  boolean next(ProxyTransaction transaction, boolean spoken, long nowNs) {
    while (true) {
      final Target target = candidate(transaction, spoken, nowNs);
      if (target == null) {
        return false;
      }
      transaction.targets[++transaction.attempt] = target;
      counters.increment(SipCounter.FAILOVERS);
      final SipWriter text =
          messages.request(request, transaction.socket, target.socket(), transaction.attempt);
      if (isSent(core.send(target, text.buffer(), 0, text.length(), true))) {
        await(transaction, nowNs);
        return true;
      }
    }
  }

  private Target candidate(ProxyTransaction transaction, boolean spoken, long nowNs) {
    if (transaction.cancelled
        || transaction.attempt + 1 == settings.maxTargets()
        || (!transaction.invite && endNs(transaction) - nowNs <= 0)) {
      return null;
    }
    final Target udp = spoken ? null : upstreams.overUdp(transaction.target());
    if (udp != null && !transaction.hasTried(udp)) {
      return udp;
    }
    if (transaction.group == null) {
      return null;
    }
    trying = transaction;
    final Target best =
        Rendezvous.choose(
            upstreams.group(transaction.group),
            rendezvous.key(request),
            request.to().hasTag(),
            TargetChoice.isSecure(request),
            untried);
    return best == null ? null : sizeRule.forSize(best, request.end() - request.offset());
  }

  /** When the transaction has had its time with the current target. */
  long endNs(ProxyTransaction transaction) {
    final long from = transaction.invite ? transaction.sentNs : transaction.beganNs;
    return from + settings.timers().transactionNs();
  }

  /** Waits for the current target. */
  void await(ProxyTransaction transaction, long nowNs) {
    transaction.state = ProxyTransaction.State.CALLING;
    transaction.sentNs = nowNs;
    transaction.timerCNs = nowNs + settings.timerCNs();
    final long end = endNs(transaction);
    final long other = nowNs + settings.failoverNs(); // if there is one then
    store.deadline(transaction, other - end < 0 ? other : end);
  }

  /** Gives what rings 64 times T1 to end. */
  void cancelCurrent(ProxyTransaction transaction, long nowNs) {
    cancel(transaction, transaction.attempt);
    store.deadline(transaction, nowNs + settings.timers().transactionNs());
  }

  /** Sends a CANCEL to the target of an attempt, once. */
  void cancel(ProxyTransaction transaction, int attempt) {
    if (transaction.cancelSent(attempt)) {
      final Target target = transaction.targets[attempt];
      final SipWriter text = messages.cancel(request, target.socket(), attempt);
      core.send(target, text.buffer(), 0, text.length(), true);
    }
  }

  /** Ends a failed attempt (RFC 3261 section 17.1.1.3). */
  void acknowledge(ProxyTransaction transaction, int attempt, SipMessage response) {
    final Target target = transaction.targets[attempt];
    final SipWriter text = messages.ack(request, target.socket(), attempt, response);
    core.send(target, text.buffer(), 0, text.length(), false);
  }

  private boolean isUntried(Target target) {
    return !trying.hasTried(target) && (target.twin() == null || !trying.hasTried(target.twin()));
  }
}
