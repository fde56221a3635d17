package org.millrace.jetty.upstream;

import org.agrona.DirectBuffer;
import org.millrace.engine.sip.Target;

/**
 * Hears of messages that were accepted to wait for a connection which then did not come about: they
 * are to be answered, or sent another way (C-65, C-67). Called by one thread only, which is no
 * shard's.
 */
public interface UnsentListener {
  /**
   * A message was not sent, and will not be.
   *
   * @param buffer holds it; valid until this returns.
   */
  void onUnsent(Target target, DirectBuffer buffer, int offset, int length);
}
