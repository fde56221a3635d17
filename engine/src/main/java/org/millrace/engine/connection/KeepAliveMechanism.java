package org.millrace.engine.connection;

/** What is sent on a connection on which nothing was received for a while (requirement A-55). */
public enum KeepAliveMechanism {
  NONE,
  /** A ping; a peer that then sends nothing within the pong time-out is dead. */
  PING,
  /** An unsolicited pong, which keeps middleboxes awake but proves nothing about the peer. */
  PONG
}
