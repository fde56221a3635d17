package org.millrace.engine.sip;

/** Where the SIP messages of a shard's flows go. One instance a shard, called by its thread. */
interface SipRouter {
  /** The parser of the shard, for the message at hand. */
  SipMessage message();

  /**
   * A connection has opened.
   *
   * @param policy null for the embedded core, which has none.
   */
  Flow opened(long connectionId, FlowInfo info, EdgePolicy policy);

  /** A well-formed request; an ACK is never answered. */
  void request(Flow flow, SipMessage message);

  /** A request that has a defect and {@link SipMessage#isAnswerable can be answered}. */
  void malformed(Flow flow, SipMessage message);

  /** A well-formed response. */
  void response(Flow flow, SipMessage message);

  /** May come while another flow's message is at hand: must leave the scratch space alone. */
  void closed(Flow flow);
}
