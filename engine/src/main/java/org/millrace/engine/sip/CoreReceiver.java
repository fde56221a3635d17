package org.millrace.engine.sip;

import org.agrona.DirectBuffer;

/** Takes what the core sends. One for each thread that receives, called by that thread only. */
public interface CoreReceiver {
  /**
   * A datagram, or a whole message of a stream, from an address that is trusted to be the core's
   * (C-2). Keep-alives are dealt with by transports.
   *
   * @param hop where it came from; valid until this returns.
   * @param buffer holds it; valid until this returns.
   */
  void onMessage(CoreHop hop, DirectBuffer buffer, int offset, int length);
}
