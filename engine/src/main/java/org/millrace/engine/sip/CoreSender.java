package org.millrace.engine.sip;

import org.agrona.DirectBuffer;

/**
 * The transports towards the core. Called by routers on the threads of shards, and by that of the
 * UDP sockets; nothing here waits, looks a name up, or allocates once warm.
 */
public interface CoreSender {
  /**
   * Sends a request that has been made for a target. Over UDP it is the start of a client
   * transaction unless {@code retransmit} is false (C-60); over a stream a message waits, within
   * bounds, while the connection is being made.
   *
   * @param buffer holds the message; the caller's again when this returns.
   * @param retransmit whether the transport must repeat what may be lost: false for ACK.
   * @return one of {@link org.millrace.engine.connection.SendResult}: NOT_OPEN if the target cannot
   *     be reached, BACK_PRESSURED if there is no room.
   */
  int send(Target target, DirectBuffer buffer, int offset, int length, boolean retransmit);

  /**
   * Sends a response where its request came from: by the same socket, over the same connection if
   * it is still open, else over a new one to the peer's address (C-43).
   *
   * @param hop as {@link CoreHop} tells; not kept.
   * @return as {@link #send}.
   */
  int reply(CoreHop hop, DirectBuffer buffer, int offset, int length);
}
