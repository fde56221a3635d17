package org.millrace.engine.sip;

/** Answers that are made here (RFC 3261 section 21). */
enum Status {
  TRYING(100, "Trying"),
  OK(200, "OK"),
  BAD_REQUEST(400, "Bad Request"),
  UNAUTHORIZED(401, "Unauthorized"),
  FORBIDDEN(403, "Forbidden"),
  TOO_MANY_CONTACTS(403, "Too Many Contacts"),
  NOT_FOUND(404, "Not Found"),
  METHOD_NOT_ALLOWED(405, "Method Not Allowed"),
  PROXY_AUTHENTICATION_REQUIRED(407, "Proxy Authentication Required"),
  REQUEST_TIMEOUT(408, "Request Timeout"),
  UNSUPPORTED_URI_SCHEME(416, "Unsupported URI Scheme"),
  BAD_EXTENSION(420, "Bad Extension"),
  EXTENSION_REQUIRED(421, "Extension Required"),
  INTERVAL_TOO_BRIEF(423, "Interval Too Brief"),
  FLOW_FAILED(430, "Flow Failed"),
  FIRST_HOP_LACKS_OUTBOUND(439, "First Hop Lacks Outbound Support"),
  TEMPORARILY_UNAVAILABLE(480, "Temporarily Unavailable"),
  LOOP_DETECTED(482, "Loop Detected"),
  TOO_MANY_HOPS(483, "Too Many Hops"),
  REQUEST_TERMINATED(487, "Request Terminated"),
  OUT_OF_ORDER(500, "CSeq Out Of Order"),
  NOT_IMPLEMENTED(501, "Not Implemented"),
  SERVICE_UNAVAILABLE(503, "Service Unavailable"),
  MESSAGE_TOO_LARGE(513, "Message Too Large");

  private final int code;

  @SuppressWarnings("ImmutableEnumChecker") // never written
  private final byte[] reason;

  Status(int code, String reason) {
    this.code = code;
    this.reason = Octets.ascii(reason);
  }

  int code() {
    return code;
  }

  byte[] reason() {
    return reason;
  }
}
