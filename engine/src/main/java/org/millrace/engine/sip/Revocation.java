package org.millrace.engine.sip;

import org.millrace.engine.frame.CloseCode;

/** The end of all flows of somebody whose session has ended elsewhere (B-24). */
final class Revocation {
  private Revocation() {}

  /** Closes them with 1008. Returns how many there were. */
  static int revoke(String identity, FlowTable flows, FlowSender sender, SipCounters counters) {
    final Identity wanted = new Identity(identity);
    int closed = 0;
    for (final Flow flow : flows.all()) {
      if (flow.identity() != null
          && wanted.covers(flow.identity())
          && sender.close(flow.id(), CloseCode.POLICY_VIOLATION, "session ended")) {
        counters.increment(SipCounter.REVOKED_FLOWS);
        closed++;
      }
    }
    return closed;
  }
}
