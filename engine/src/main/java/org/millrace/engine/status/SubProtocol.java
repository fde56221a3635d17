package org.millrace.engine.status;

/** The sub-protocols that Kamailio's statistics tell apart (requirement F-3). */
public enum SubProtocol {
  SIP,
  MSRP,
  /** Anything else, counted in the totals alone. */
  OTHER
}
