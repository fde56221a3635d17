package org.millrace.engine.sip;

import org.agrona.DirectBuffer;
import org.millrace.engine.connection.SendResult;

/**
 * What becomes of requests that were taken for a connection with the core which then did not come
 * about (C-67): they go over UDP if that server takes it, too, as those do that had been too long
 * for a datagram (C-65); else they are answered 503, as if the target had said so. For one thread.
 */
public final class UndeliveredRequests {
  private final SipMessage message = new SipMessage();
  private final HopMessages messages = new HopMessages();
  private final CoreHop hop = new CoreHop();
  private final UpstreamSet upstreams;
  private final CoreSender core;
  private final FlowFinder finder;
  private final ViaTokens viaTokens;
  private final TransactionQueue queue;
  private final Responder responder;
  private final CoreReceiver proxy;
  private FlowFinder.Verdict verdict;

  /**
   * @param queue to the thread that keeps transactions; null if no flow's policy has them.
   * @param proxy for the same thread; it knows the way back.
   */
  UndeliveredRequests(
      UpstreamSet upstreams,
      CoreSender core,
      FlowFinder finder,
      ViaTokens viaTokens,
      TransactionQueue queue,
      Responder responder,
      CoreReceiver proxy) {
    this.upstreams = upstreams;
    this.core = core;
    this.finder = finder;
    this.viaTokens = viaTokens;
    this.queue = queue;
    this.responder = responder;
    this.proxy = proxy;
  }

  /**
   * A message will not be sent. What is no request is lost.
   *
   * @param buffer holds it as it was to be sent; valid until this returns.
   */
  public void onUnsent(Target target, DirectBuffer buffer, int offset, int length) {
    if (read(buffer, offset, length) && !toTransaction(target, buffer, offset, length)) {
      send(target);
    }
  }

  private boolean toTransaction(Target target, DirectBuffer buffer, int offset, int length) {
    return queue != null
        && queue.mayConcern(verdict, finder.flow())
        && queue.unsent(target, buffer, offset, length) == SendResult.SENT;
  }

  /** As {@link #onUnsent}, when no transaction knows of it. */
  void onUntracked(Target target, DirectBuffer buffer, int offset, int length) {
    if (read(buffer, offset, length)) {
      send(target);
    }
  }

  /** A request of a client's, or of our own, which has no flow. */
  private boolean read(DirectBuffer buffer, int offset, int length) {
    if (message.parse(buffer, offset, length) != SipDefect.NONE || !message.isRequest()) {
      return false;
    }
    verdict = viaTokens.findFlow(finder, message.text(), message.topVia());
    return true;
  }

  private void send(Target target) {
    if (!goesOverUdp(target) && message.method() != SipMethod.ACK) {
      refuse(target);
    }
  }

  /**
   * With the same branch: it is the same request, which has not left yet. What asks whether the
   * target is well has no flow, and is about this transport and no other.
   */
  private boolean goesOverUdp(Target target) {
    final Target udp = upstreams.overUdp(target);
    if (udp == null || verdict != FlowFinder.Verdict.OPEN) {
      return false;
    }
    final SipWriter text = messages.request(message, target.socket(), udp.socket(), 0);
    final boolean retransmit = finder.flow().policy().isRetransmitted(message.method());
    return SendResult.isAccepted(core.send(udp, text.buffer(), 0, text.length(), retransmit));
  }

  private void refuse(Target target) {
    responder.begin(message, Status.SERVICE_UNAVAILABLE);
    final SipWriter answer = responder.end();
    hop.set(
        target.socket(), target.address().getAddress().getAddress(), target.address().getPort(), 0);
    proxy.onMessage(hop, answer.buffer(), 0, answer.length());
  }
}
