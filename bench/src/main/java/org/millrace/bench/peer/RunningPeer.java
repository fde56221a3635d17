package org.millrace.bench.peer;

/**
 * A running server that answers WebSocket messages, on one port in cleartext and on another one
 * over TLS. It ends with its process.
 */
interface RunningPeer {
  /** Where an echo server echoes. */
  String PATH = "/echo";

  String HOST = "127.0.0.1";

  /** Connections that wait to be accepted: as many for every peer whose default is fewer. */
  int BACKLOG = 1024;

  int port();

  int securePort();

  /** What a reader of the figures has to know about it; empty if nothing. */
  String note();
}
