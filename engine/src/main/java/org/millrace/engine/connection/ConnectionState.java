package org.millrace.engine.connection;

/** The states of RFC 6455 section 4.1 and 7.1, as exported (requirement A-54). */
public enum ConnectionState {
  /** The shard has not taken the connection over yet. */
  CONNECTING,
  OPEN,
  /** A Close was sent or received, or the connection has failed; nothing can be sent any more. */
  CLOSING,
  CLOSED
}
