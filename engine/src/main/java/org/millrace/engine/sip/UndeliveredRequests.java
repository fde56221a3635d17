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
  private final Responder responder;
  private final CoreReceiver proxy;

  /**
   * @param proxy for the same thread; it knows the way back.
   */
  UndeliveredRequests(
      UpstreamSet upstreams, CoreSender core, Responder responder, CoreReceiver proxy) {
    this.upstreams = upstreams;
    this.core = core;
    this.responder = responder;
    this.proxy = proxy;
  }

  /**
   * A message will not be sent. What is no request is lost.
   *
   * @param buffer holds it as it was to be sent; valid until this returns.
   */
  public void onUnsent(Target target, DirectBuffer buffer, int offset, int length) {
    if (message.parse(buffer, offset, length) == SipDefect.NONE
        && message.isRequest()
        && !goesOverUdp(target)
        && message.method() != SipMethod.ACK) {
      refuse(target);
    }
  }

  /**
   * With the same branch: it is the same request, which has not left yet. What asks whether the
   * target is well has no flow, and is about this transport and no other.
   */
  private boolean goesOverUdp(Target target) {
    final Target udp = upstreams.overUdp(target);
    if (udp == null || message.topVia().flowTokenLength() < 0) {
      return false;
    }
    final SipWriter text = messages.request(message, target.socket(), udp.socket(), 0);
    final boolean retransmit = message.method() != SipMethod.ACK;
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
