package org.millrace.jetty.config;

/** Whose behaviour the defaults and the handshake's answers follow. */
public enum Profile {
  /** The RFCs, and this project's limits. */
  STRICT,
  /** Kamailio's {@code websocket} module. */
  KAMAILIO,
  /** OpenSIPS's {@code proto_ws}. */
  OPENSIPS
}
