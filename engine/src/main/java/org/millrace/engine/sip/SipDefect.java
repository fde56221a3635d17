package org.millrace.engine.sip;

/** What is wrong with a message, one reason each (B-2, B-4). */
public enum SipDefect {
  NONE(0, ""),
  /** No start line of SIP: the message is something else. */
  NOT_SIP(0, ""),
  BAD_START_LINE(400, "Bad Start Line"),
  BAD_VERSION(505, "Version Not Supported"),
  BAD_HEADER(400, "Bad Header Line"),
  NO_BLANK_LINE(400, "Header Section Without End"),
  HEADERS_TOO_LONG(400, "Header Section Too Long"),
  TOO_MANY_HEADERS(400, "Too Many Headers"),
  DUPLICATE_HEADER(400, "Duplicate Header"),
  MISSING_VIA(400, "Missing Via"),
  MISSING_FROM(400, "Missing From"),
  MISSING_TO(400, "Missing To"),
  MISSING_CALL_ID(400, "Missing Call-ID"),
  MISSING_CSEQ(400, "Missing CSeq"),
  BAD_VIA(400, "Bad Via"),
  BAD_FROM(400, "Bad From"),
  BAD_TO(400, "Bad To"),
  BAD_CALL_ID(400, "Bad Call-ID"),
  BAD_CSEQ(400, "Bad CSeq"),
  METHOD_MISMATCH(400, "CSeq Method Mismatch"),
  BAD_MAX_FORWARDS(400, "Bad Max-Forwards"),
  BAD_CONTENT_LENGTH(400, "Bad Content-Length"),
  /** Content-Length promises more than there is. */
  SHORT_BODY(400, "Body Shorter Than Content-Length");

  private final int status;

  @SuppressWarnings("ImmutableEnumChecker") // never written
  private final byte[] reason;

  SipDefect(int status, String reason) {
    this.status = status;
    this.reason = Octets.ascii(reason);
  }

  /** The status of the answer if it is a request, 0 if it cannot have any. */
  public int status() {
    return status;
  }

  byte[] reason() {
    return reason;
  }
}
