package org.millrace.engine.sip;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;

/**
 * Keeps all transactions of transaction mode on one thread, which takes what routers put into its
 * {@link TransactionQueue}, and looks at the clock.
 */
final class TransactionAgent implements Agent, TransactionQueue.Taker {
  private static final int MOST_PER_CYCLE = 256;

  /** Passes a response on to the client that our Via names, as without transactions. */
  interface Passing {
    void pass(SipMessage response);
  }

  private final SipMessage response = new SipMessage();
  private final TransactionQueue queue;
  private final ProxyTransactions transactions;
  private final UpstreamSet upstreams;
  private final Passing passing;
  private final NanoClock clock;
  private long nowNs;
  private long nextNs;

  TransactionAgent(
      TransactionQueue queue,
      ProxyTransactions transactions,
      UpstreamSet upstreams,
      Passing passing,
      NanoClock clock) {
    this.queue = queue;
    this.transactions = transactions;
    this.upstreams = upstreams;
    this.passing = passing;
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
    final int taken = queue.drain(this, MOST_PER_CYCLE);
    nextNs = transactions.poll(nowNs);
    return taken;
  }

  /** When {@link #doWork} is due though nobody has called, or {@link Long#MAX_VALUE}. */
  long nextNs() {
    return nextNs;
  }

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
      passing.pass(response);
    }
  }

  @Override
  public void onUnsent(DirectBuffer buffer, int offset, int length) {
    transactions.onUnsent(buffer, offset, length, nowNs);
  }
}
