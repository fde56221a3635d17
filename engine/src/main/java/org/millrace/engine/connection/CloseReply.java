package org.millrace.engine.connection;

/** How a received Close is answered (requirement A-47). */
public enum CloseReply {
  /** With the same code and no reason; empty for an empty one. */
  ECHO,
  /** Always with 1000 "Normal closure", as Kamailio does. */
  NORMAL_CLOSURE
}
