package org.millrace.engine.connection;

/** Who ended a connection. */
public enum Initiator {
  /** This side: a close by the program, a failed connection, a time-out. */
  LOCAL,
  /** The peer: its Close came first, or its end of the transport went away. */
  REMOTE
}
