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
  /** Requests over UDP that no answer came to in 64 times T1. */
  UNANSWERED_TRANSACTIONS(23, "sip_unanswered_transactions"),
  /** Requests over UDP that were sent but would not be repeated, for want of room. */
  UNTRACKED_TRANSACTIONS(24, "sip_untracked_transactions");

  private static final int ID_LIMIT = 25;

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
