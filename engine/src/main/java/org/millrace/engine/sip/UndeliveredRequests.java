package org.millrace.engine.sip;

import org.agrona.DirectBuffer;

/**
 * Answers requests that were taken for a connection with the core which then did not come about
 * (C-67): 503, as if the target had said so. For one thread.
 */
public final class UndeliveredRequests {
  private final SipMessage message = new SipMessage();
  private final CoreHop hop = new CoreHop();
  private final Responder responder;
  private final CoreReceiver proxy;

  /**
   * @param proxy for the same thread; it knows the way back.
   */
  UndeliveredRequests(Responder responder, CoreReceiver proxy) {
    this.responder = responder;
    this.proxy = proxy;
  }

  /**
   * A message will not be sent. What is no request, or an ACK, has no answer.
   *
   * @param buffer holds it as it was to be sent; valid until this returns.
   */
  public void answer(Target target, DirectBuffer buffer, int offset, int length) {
    if (message.parse(buffer, offset, length) != SipDefect.NONE
        || !message.isRequest()
        || message.method() == SipMethod.ACK) {
      return;
    }
    responder.begin(message, Status.SERVICE_UNAVAILABLE);
    final SipWriter answer = responder.end();
    hop.set(
        target.socket(), target.address().getAddress().getAddress(), target.address().getPort(), 0);
    proxy.onMessage(hop, answer.buffer(), 0, answer.length());
  }
}
