package org.millrace.jetty.handshake;

/** What is to become of a request. */
sealed interface Decision permits Decision.Accepted, Decision.Plain, Refusal {

  /** An opening handshake that passed every check. */
  record Accepted(AcceptedHandshake handshake) implements Decision {}

  /** No handshake at all, and answered without the table A-3. */
  enum Plain implements Decision {
    HEALTH,
    PAGE;

    /** Attribute of the connection under which the head's reader leaves this for the gate. */
    static final String ATTRIBUTE = Plain.class.getName();
  }
}
