package org.millrace.engine.sip;

import org.agrona.DirectBuffer;

/**
 * Takes responses of the core to requests that were made here and not forwarded, such as OPTIONS
 * that ask for its health. Called by whichever thread got the response; must not wait.
 */
@FunctionalInterface
public interface OwnResponses {
  /**
   * A response whose topmost Via names a socket of this side and carries no flow token.
   *
   * @param hop where it came from; valid until this returns.
   * @param buffer holds it; valid until this returns.
   * @return whether it answers such a request; if not it is dropped and counted.
   */
  boolean onResponse(CoreHop hop, DirectBuffer buffer, int offset, int length);
}
