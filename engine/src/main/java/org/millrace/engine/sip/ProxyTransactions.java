package org.millrace.engine.sip;

import org.agrona.DirectBuffer;
import org.millrace.engine.connection.Connection;

/**
 * Transaction mode: a stateful proxy with one branch at a time, from clients to the core (C-61,
 * C-62; RFC 3261 section 16). It answers an INVITE 100 at once, CANCEL by itself, acknowledges
 * failures hop by hop, and goes to the next target with a branch of its own when one cannot be
 * reached, stays silent, or says 503. What it finds no room or no transaction for is to be
 * forwarded without state.
 *
 * <p>It knows requests as they leave: with our Via on top. Repeating over UDP is the transport's
 * ({@link ClientTransactions}). Answers are not repeated, since clients are reached over a reliable
 * transport; for the same reason the ACK of a failure is awaited for nothing but to be absorbed.
 *
 * <p>All on one thread, whose time is given with each call; nothing is allocated once warm.
 */
final class ProxyTransactions {
  /** What {@link #poll} says if nothing is under way. */
  static final long NO_DEADLINE = Long.MAX_VALUE;

  private static final int MOST_PER_POLL = 64;
  private static final int NOT_OURS = -1;

  /** T4, how long answers that come late are absorbed, is ten times T1. */
  private static final int T4 = 10;

  private final SipMessage request = new SipMessage();
  private final HopMessages messages = new HopMessages();
  private final TransactionSettings settings;
  private final ProxyTransactionStore store;
  private final ProxyAttempts attempts;
  private final FlowSender flows;
  private final SipCounters counters;

  ProxyTransactions(
      TransactionSettings settings,
      UpstreamSet upstreams,
      SizeRule sizeRule,
      FlowSender flows,
      CoreSender core,
      SipCounters counters) {
    this.settings = settings;
    this.flows = flows;
    this.counters = counters;
    store = new ProxyTransactionStore(settings);
    attempts =
        new ProxyAttempts(settings, request, messages, store, upstreams, sizeRule, core, counters);
  }

  // ---- keys ----

  /** The branch without an attempt's number, and the method; ACK and CANCEL have INVITE's. */
  private static long key(SipMessage message) {
    final int method =
        switch (message.method()) {
          case SipMethod.ACK, SipMethod.CANCEL -> SipMethod.INVITE;
          default -> message.method();
        };
    final int branch = message.topVia().branchOffset();
    return Hash.mix(
        Hash.add(Hash.add(Hash.EMPTY, message.text(), branch, FlowTokens.BRANCH_LENGTH), method));
  }

  /** The number behind the branch, 0 if there is none; {@link #NOT_OURS} if it is none. */
  private static int attempt(SipMessage message) {
    final ViaValue via = message.topVia();
    final int behind = via.branchOffset() + FlowTokens.BRANCH_LENGTH;
    return switch (via.branchLength() - FlowTokens.BRANCH_LENGTH) {
      case 0 -> 0;
      case 2 ->
          message.text()[behind] == '.'
              ? (int) Octets.decimal(message.text(), behind + 1, behind + 2, 9)
              : NOT_OURS;
      default -> NOT_OURS;
    };
  }

  private boolean read(DirectBuffer buffer, int offset, int length) {
    return request.parse(buffer, offset, length) == SipDefect.NONE
        && request.isRequest()
        && attempt(request) != NOT_OURS;
  }

  // ---- requests of clients ----

  /**
   * Takes a request on its way to the core; there is nothing more to do for it. Without a
   * transaction, or room for one, which is counted, it is sent on without state.
   *
   * @param flowId of the client.
   * @param target that the request was made for; null if that has gone meanwhile.
   * @param group that further targets come from, or null if the client has named the next hop.
   * @param buffer holds the request as it leaves.
   */
  void onRequest(
      long flowId,
      Target target,
      String group,
      DirectBuffer buffer,
      int offset,
      int length,
      long nowNs) {
    final boolean known = read(buffer, offset, length);
    final ProxyTransaction transaction = known ? store.get(key(request)) : null;
    final boolean done =
        switch (request.method()) {
          case SipMethod.ACK -> transaction != null && absorbs(transaction);
          case SipMethod.CANCEL -> transaction != null && cancel(transaction, flowId, nowNs);
          default -> transaction != null || (known && begin(flowId, target, group, nowNs));
        };
    if (!done) {
      forward(flowId, target);
    }
  }

  private void forward(long flowId, Target target) {
    final boolean ack = request.method() == SipMethod.ACK;
    if (!attempts.forward(target, !ack) && !ack) {
      answer(flowId, Status.SERVICE_UNAVAILABLE);
    }
  }

  /** An INVITE is answered 100 at once. */
  private boolean begin(long flowId, Target target, String group, long nowNs) {
    final ProxyTransaction transaction = store.begin(key(request), request, nowNs);
    if (transaction == null) {
      counters.increment(SipCounter.UNTRACKED_TRANSACTIONS);
      return false;
    }
    transaction.flowId = flowId;
    transaction.group = group;
    transaction.invite = request.method() == SipMethod.INVITE;
    transaction.targets[0] = target;
    transaction.socket = target == null ? null : target.socket();
    if (transaction.invite) {
      answer(flowId, Status.TRYING);
    }
    if (attempts.send(target)) {
      attempts.await(transaction, nowNs);
    } else if (!attempts.next(transaction, false, nowNs)) {
      finish(transaction, Status.SERVICE_UNAVAILABLE, nowNs);
    }
    return true;
  }

  /** Answers, and sends a CANCEL of our own once the INVITE has been answered provisionally. */
  private boolean cancel(ProxyTransaction transaction, long flowId, long nowNs) {
    answer(flowId, Status.OK);
    if (transaction.isUnanswered() && !transaction.cancelled) {
      transaction.cancelled = true;
      if (transaction.state == ProxyTransaction.State.PROCEEDING) {
        store.load(transaction, request);
        attempts.cancelCurrent(transaction, nowNs);
      }
    }
    return true;
  }

  private boolean absorbs(ProxyTransaction transaction) {
    if (transaction.state != ProxyTransaction.State.COMPLETED) {
      return false;
    }
    counters.increment(SipCounter.ABSORBED_ACKS);
    return true;
  }

  /**
   * The transport could not send, after all, what it had taken.
   *
   * @return whether it was sent for a transaction that is known.
   */
  boolean onUnsent(DirectBuffer buffer, int offset, int length, long nowNs) {
    final ProxyTransaction transaction =
        read(buffer, offset, length) ? store.get(key(request)) : null;
    if (transaction == null) {
      return false;
    }
    if (request.method() != SipMethod.ACK
        && request.method() != SipMethod.CANCEL
        && transaction.state == ProxyTransaction.State.CALLING
        && transaction.attempt == attempt(request)) {
      store.load(transaction, request);
      if (!attempts.next(transaction, false, nowNs)) {
        finish(transaction, Status.SERVICE_UNAVAILABLE, nowNs);
      }
    }
    return true;
  }

  // ---- responses of the core ----

  /**
   * Takes note of a response.
   *
   * @param response has our Via on top, which has been verified.
   * @return whether it is to be passed to the client.
   */
  boolean onResponse(SipMessage response, long nowNs) {
    if (response.topVia().branchLength() < FlowTokens.BRANCH_LENGTH) {
      return true;
    }
    final ProxyTransaction transaction = store.get(key(response));
    if (transaction == null) {
      return true;
    }
    final int attempt = attempt(response);
    boolean passes = false;
    if (attempt != NOT_OURS
        && attempt <= transaction.attempt
        && transaction.targets[attempt] != null
        && response.method() != SipMethod.CANCEL) {
      passes =
          transaction.invite
              ? answered(transaction, attempt, response, nowNs)
              : answeredOther(transaction, attempt, response, nowNs);
    }
    if (!passes) {
      counters.increment(SipCounter.ABSORBED_RESPONSES);
    }
    return passes;
  }

  private boolean answeredOther(
      ProxyTransaction transaction, int attempt, SipMessage response, long nowNs) {
    final boolean current = attempt == transaction.attempt;
    if (!transaction.isUnanswered()) {
      return false;
    }
    if (response.status() < 200) {
      if (current) {
        transaction.state = ProxyTransaction.State.PROCEEDING;
        store.deadline(transaction, attempts.endNs(transaction));
      }
      return current && response.status() > 100;
    }
    if (response.status() == Status.SERVICE_UNAVAILABLE.code()) {
      store.load(transaction, request);
      if (!current || attempts.next(transaction, true, nowNs)) {
        return false;
      }
    }
    complete(transaction, nowNs);
    return true;
  }

  private boolean answered(
      ProxyTransaction transaction, int attempt, SipMessage response, long nowNs) {
    store.load(transaction, request);
    if (response.status() < 200) {
      return ringing(transaction, attempt, response.status(), nowNs);
    }
    return response.status() < 300
        ? accepted(transaction, attempt, nowNs)
        : refused(transaction, attempt, response, nowNs);
  }

  private boolean ringing(ProxyTransaction transaction, int attempt, int status, long nowNs) {
    if (!transaction.isUnanswered() || attempt != transaction.attempt) {
      if (attempt != transaction.acceptedAttempt) {
        attempts.cancel(transaction, attempt); // it was given up before it spoke
      }
      return false;
    }
    transaction.state = ProxyTransaction.State.PROCEEDING;
    if (!transaction.isCancelSent(attempt)) {
      if (status > 100) {
        transaction.timerCNs = nowNs + settings.timerCNs();
      }
      store.deadline(transaction, transaction.timerCNs);
      if (transaction.cancelled) {
        attempts.cancelCurrent(transaction, nowNs);
      }
    }
    return status > 100;
  }

  /** A 2xx always goes to the client, which acknowledges it end to end. */
  private boolean accepted(ProxyTransaction transaction, int attempt, long nowNs) {
    if (transaction.isUnanswered()) {
      if (attempt != transaction.attempt
          && transaction.state == ProxyTransaction.State.PROCEEDING) {
        attempts.cancel(transaction, transaction.attempt);
      }
      transaction.acceptedAttempt = attempt;
      transaction.state = ProxyTransaction.State.ACCEPTED;
      store.dropBody(transaction);
      store.deadline(transaction, nowNs + settings.timers().transactionNs());
    }
    return true;
  }

  private boolean refused(
      ProxyTransaction transaction, int attempt, SipMessage response, long nowNs) {
    attempts.acknowledge(transaction, attempt, response);
    if (attempt != transaction.attempt || !transaction.isUnanswered()) {
      return false;
    }
    if (response.status() == Status.SERVICE_UNAVAILABLE.code()
        && attempts.next(transaction, true, nowNs)) {
      return false;
    }
    complete(transaction, nowNs);
    return true;
  }

  private void complete(ProxyTransaction transaction, long nowNs) {
    transaction.state = ProxyTransaction.State.COMPLETED;
    store.dropBody(transaction);
    final SipTimers timers = settings.timers();
    store.deadline(
        transaction, nowNs + (transaction.invite ? timers.transactionNs() : T4 * timers.t1Ns()));
  }

  // ---- time ----

  /**
   * Does what is due.
   *
   * @return when to poll again, perhaps at once; or {@link #NO_DEADLINE}.
   */
  long poll(long nowNs) {
    for (int i = 0; i < MOST_PER_POLL; i++) {
      final ProxyTransaction transaction = store.due(nowNs);
      if (transaction == null) {
        break;
      }
      due(transaction, nowNs);
    }
    return store.nextDeadline(NO_DEADLINE);
  }

  private void due(ProxyTransaction transaction, long nowNs) {
    if (!transaction.isUnanswered()) {
      store.end(transaction);
      return;
    }
    store.load(transaction, request);
    if (transaction.state == ProxyTransaction.State.CALLING) {
      final long end = attempts.endNs(transaction);
      if (attempts.next(transaction, false, nowNs)) {
        return;
      }
      if (end - nowNs > 0) {
        store.deadline(transaction, end); // there is no other
        return;
      }
    } else if (transaction.invite && !transaction.isCancelSent(transaction.attempt)) {
      attempts.cancelCurrent(transaction, nowNs); // timer C
      return;
    }
    giveUp(transaction, nowNs);
  }

  /** No 408 for other requests than INVITE: it would come too late (RFC 4320 section 4.2). */
  private void giveUp(ProxyTransaction transaction, long nowNs) {
    counters.increment(SipCounter.UNANSWERED_TRANSACTIONS);
    if (transaction.invite) {
      finish(transaction, Status.REQUEST_TIMEOUT, nowNs);
    } else {
      store.end(transaction);
    }
  }

  /** Answers the client instead of the core. */
  private void finish(ProxyTransaction transaction, Status status, long nowNs) {
    answer(
        transaction.flowId,
        transaction.cancelled && transaction.invite ? Status.REQUEST_TERMINATED : status);
    complete(transaction, nowNs);
  }

  private void answer(long flowId, Status status) {
    final SipWriter text = messages.answer(request, status);
    counters.increment(SipCounter.LOCAL_RESPONSES);
    flows.send(flowId, Connection.AUTO, text.buffer(), 0, text.length());
  }

  /** Transactions under way, or ended a short time ago. */
  int active() {
    return store.active();
  }

  long usedBytes() {
    return store.usedBytes();
  }
}
