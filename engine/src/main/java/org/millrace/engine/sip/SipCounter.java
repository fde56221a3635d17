package org.millrace.engine.sip;

/** What is counted about SIP flows. */
public enum SipCounter {
  /** CRLFCRLF received and answered (B-17). */
  KEEP_ALIVE_PINGS(0, "sip_keep_alive_pings"),
  /** Single CRLF received (B-18). */
  KEEP_ALIVE_PONGS(1, "sip_keep_alive_pongs"),
  /** Messages that were neither SIP nor keep-alive (B-6). */
  BAD_MESSAGES(2, "sip_bad_messages"),
  /** Flows closed for too many of them. */
  BAD_MESSAGE_CLOSES(3, "sip_bad_message_closes"),
  /** Requests received, well-formed or not. */
  REQUESTS(4, "sip_requests"),
  /** Responses received, well-formed or not. */
  RESPONSES(5, "sip_responses"),
  /** Malformed requests. */
  MALFORMED_REQUESTS(6, "sip_malformed_requests"),
  /** Malformed responses, which are dropped. */
  MALFORMED_RESPONSES(7, "sip_malformed_responses"),
  /** Bytes behind a message's body, dropped (B-2). */
  SURPLUS_BYTES(8, "sip_surplus_bytes"),
  /** Messages with such bytes. */
  SURPLUS_MESSAGES(9, "sip_surplus_messages"),
  FORWARDED_REQUESTS(10, "sip_forwarded_requests"),
  FORWARDED_RESPONSES(11, "sip_forwarded_responses"),
  /** Answers made here. */
  LOCAL_RESPONSES(12, "sip_local_responses"),
  /** Responses that answered nothing sent from here, or were tampered with (C-16). */
  FOREIGN_RESPONSES(13, "sip_foreign_responses"),
  /** Responses whose caller has gone (C-45), or whose connection took no more. */
  LATE_RESPONSES(14, "sip_late_responses"),
  /** ACKs dropped because they could not be forwarded. */
  DROPPED_ACKS(15, "sip_dropped_acks"),
  /** ACKs for answers made here. */
  ABSORBED_ACKS(16, "sip_absorbed_acks"),
  /** Requests refused because their From or To is not the flow's (B-23). */
  IDENTITY_REFUSALS(17, "sip_identity_refusals"),
  /** REGISTERs that were answered 200. */
  REGISTRATIONS(18, "sip_registrations"),
  /** Requests challenged for credentials. */
  CHALLENGES(19, "sip_challenges"),
  /** INVITEs sent to several contacts. */
  FORKS(20, "sip_forks"),
  /** INVITEs that would have been forked, but the table of forks was full. */
  FORKS_REFUSED(21, "sip_forks_refused"),
  /** Datagrams sent again because no answer had come (C-60). */
  RETRANSMISSIONS(22, "sip_retransmissions"),
  /** Requests over UDP, or with a transaction of C-61, that no final answer came to in time. */
  UNANSWERED_TRANSACTIONS(23, "sip_unanswered_transactions"),
  /** Requests without room for a transaction: sent, but over UDP not repeated, or without C-61. */
  UNTRACKED_TRANSACTIONS(24, "sip_untracked_transactions"),
  /** Requests that came from the core. */
  CORE_REQUESTS(25, "sip_core_requests"),
  /** Responses that came from the core. */
  CORE_RESPONSES(26, "sip_core_responses"),
  /** What came from the core and was not SIP, dropped. */
  CORE_BAD_MESSAGES(27, "sip_core_bad_messages"),
  /** Requests that had been here before, answered 482 (C-14). */
  LOOPS(28, "sip_loops"),
  /** Requests with a flow token that does not verify, refused (C-29). */
  FORGED_TOKENS(29, "sip_forged_tokens"),
  /** Requests for a flow that has gone, refused with 430 (C-29). */
  FAILED_FLOWS(30, "sip_failed_flows"),
  /** Requests of clients that name a next hop which is not the core's, refused (C-6). */
  STRAY_ROUTES(31, "sip_stray_routes"),
  /** Requests of the core that name no flow, refused. */
  UNROUTED_REQUESTS(32, "sip_unrouted_requests"),
  /** Requests that found no target of the core that could be reached, answered 503. */
  CORE_UNREACHABLE(33, "sip_core_unreachable"),
  /** Requests that the next hop had no room for, answered 503. */
  OVERLOADS(34, "sip_overloads"),
  /** Responses that the next hop did not take, dropped. */
  UNDELIVERED_RESPONSES(35, "sip_undelivered_responses"),
  /** Connections closed because their identity was revoked (B-24). */
  REVOKED_FLOWS(36, "sip_revoked_flows"),
  /** Requests sent to a further target, since one had failed (C-62). */
  FAILOVERS(37, "sip_failovers"),
  /** Responses of the core that ended here: 100, to our CANCEL, repeated, or too late. */
  ABSORBED_RESPONSES(38, "sip_absorbed_responses"),
  /** Requests of the core with an alias that leads nowhere, refused (C-52). */
  STRAY_ALIASES(39, "sip_stray_aliases"),
  /** Requests refused because the flow sends too many (C-1). */
  RATE_REFUSALS(40, "sip_rate_refusals"),
  /** Flows closed because they did not mind that. */
  FLOOD_CLOSES(41, "sip_flood_closes"),
  /** Responses that found no room on the way to their transaction and went on without it. */
  UNTRACKED_RESPONSES(42, "sip_untracked_responses");

  private static final int ID_LIMIT = 43;

  private final int id;
  private final String label;

  SipCounter(int id, String label) {
    this.id = id;
    this.label = label;
  }

  /** 0 or more, less than {@link #idLimit}, unique. */
  public int id() {
    return id;
  }

  /** For metrics: lower case with underscores. */
  public String label() {
    return label;
  }

  public static int idLimit() {
    return ID_LIMIT;
  }
}
