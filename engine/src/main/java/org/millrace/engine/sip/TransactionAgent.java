package org.millrace.engine.sip;

import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;

/**
 * Keeps all transactions of transaction mode on one thread, which takes what routers put into its
 * {@link TransactionQueue}, and looks at the clock. What no transaction knows of goes on as without
 * them.
 *
 * <p>Whoever runs it may park while {@link #isIdle} says so, until {@link #nextNs} or until the
 * context's waker is called. To miss nothing it must announce that it parks before it asks, and the
 * waker must look for that announcement behind a fence.
 */
public final class TransactionAgent implements Agent {
  private static final int MOST_PER_CYCLE = 256;

  /** More than the queue can hold, unless somebody goes on filling it. */
  private static final int MOST_LAST_CYCLES = 1024;

  private final SipMessage response = new SipMessage();
  private final TransactionQueue.Taker taker = new Taker();
  private final TransactionQueue queue;
  private final ProxyTransactions transactions;
  private final UpstreamSet upstreams;
  private final Consumer<SipMessage> passing;
  private final UndeliveredRequests undelivered;
  private final NanoClock clock;
  private long nowNs;
  private long nextNs;
  private volatile int active;

  /**
   * @param passing takes a response on to the client that our Via names.
   * @param undelivered takes what could not be sent and no transaction knows of.
   */
  TransactionAgent(
      TransactionQueue queue,
      ProxyTransactions transactions,
      UpstreamSet upstreams,
      Consumer<SipMessage> passing,
      UndeliveredRequests undelivered,
      NanoClock clock) {
    this.queue = queue;
    this.transactions = transactions;
    this.upstreams = upstreams;
    this.passing = passing;
    this.undelivered = undelivered;
    this.clock = clock;
    nowNs = clock.nanoTime();
    nextNs = ProxyTransactions.NO_DEADLINE;
  }

  @Override
  public String roleName() {
    return "millrace-transactions";
  }

  @Override
  public int doWork() {
    nowNs = clock.nanoTime();
    final int taken = queue.drain(taker, MOST_PER_CYCLE);
    nextNs = transactions.poll(nowNs);
    if (active != transactions.active()) {
      active = transactions.active();
    }
    return taken;
  }

  /** Sends on what had come before the end. */
  @Override
  public void onClose() {
    for (int i = 0; i < MOST_LAST_CYCLES && doWork() > 0; i++) {
      // the rest of the queue
    }
  }

  /** When {@link #doWork} is due though nobody has called, or {@link Long#MAX_VALUE}. */
  public long nextNs() {
    return nextNs;
  }

  /** Whether there is nothing to do before {@link #nextNs}. */
  public boolean isIdle() {
    return queue.isEmpty();
  }

  /** How many transactions are under way, or ended a short time ago. Any thread. */
  public int transactions() {
    return active;
  }

  /** Takes what is in the queue. */
  private final class Taker implements TransactionQueue.Taker {
    @Override
    public void onRequest(
        long flowId, long targetHash, long groupHash, DirectBuffer buffer, int offset, int length) {
      transactions.onRequest(
          flowId,
          upstreams.target(targetHash),
          upstreams.groupName(groupHash),
          buffer,
          offset,
          length,
          nowNs);
    }

    @Override
    public void onResponse(DirectBuffer buffer, int offset, int length) {
      if (response.parse(buffer, offset, length) == SipDefect.NONE
          && transactions.onResponse(response, nowNs)) {
        passing.accept(response);
      }
    }

    @Override
    public void onUnsent(long targetHash, DirectBuffer buffer, int offset, int length) {
      final boolean known = transactions.onUnsent(buffer, offset, length, nowNs);
      final Target target = upstreams.target(targetHash);
      if (!known && target != null) {
        undelivered.onUntracked(target, buffer, offset, length);
      }
    }
  }
}
