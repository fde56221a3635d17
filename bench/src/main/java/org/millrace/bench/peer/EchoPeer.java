package org.millrace.bench.peer;

/**
 * A running server that echoes WebSocket text messages at {@link #PATH}. It ends with its process.
 */
interface EchoPeer {
  String PATH = "/echo";
  String HOST = "127.0.0.1";

  int port();

  /** What a reader of the figures has to know about it; empty if nothing. */
  default String note() {
    return "";
  }
}
