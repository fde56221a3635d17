package org.millrace.jetty.handshake;

import java.util.Locale;

/**
 * Why an opening handshake failed, in the order of the table A-3. The labels appear in logs and
 * metrics and never hold anything that a client sent.
 */
public enum RefusalReason {
  NOTHING_RECEIVED,
  HEAD_INCOMPLETE,
  END_OF_INPUT,
  REQUEST_LINE_TOO_LONG,
  HEAD_TOO_LARGE,
  SYNTAX,
  HTTP_VERSION,
  DISABLED,
  DRAINING,
  CONNECTIONS,
  HANDSHAKE_RATE,
  ADDRESS_CONNECTIONS,
  ADDRESS_HANDSHAKE_RATE,
  METHOD,
  HTTP_1_0,
  HOST,
  HOST_NOT_ALLOWED,
  BODY,
  PATH,
  PROTOCOL,
  UPGRADE,
  VERSION,
  VERSION_NOT_SUPPORTED,
  KEY,
  SUB_PROTOCOL,
  EXTENSIONS,
  PIPELINED,
  ORIGIN,
  ORIGIN_NOT_ALLOWED,
  ORIGIN_MISSING,
  CREDENTIALS_MISSING,
  CREDENTIALS_INVALID,
  SESSION_UNKNOWN,
  NOT_AUTHORISED,
  INTERNAL;

  private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /** In lower case, its words joined by hyphens. */
  public String label() {
    return label;
  }
}
