package org.millrace.jetty.admin;

/** Opens WebSocket connections with the core. */
@FunctionalInterface
public interface WsDialer {
  /**
   * Begins to connect, unless that has been done.
   *
   * @return false if that is none of the targets that are configured.
   */
  boolean connect(String host, int port, String path, String subProtocol, boolean secure);
}
