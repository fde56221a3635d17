package org.millrace.jetty;

import org.millrace.engine.sip.CoreSocket;

/**
 * What is known of a connection with the core; attached to it.
 *
 * @param socket name of the core socket that it belongs to.
 */
record CoreFlow(String socket, boolean secure) {
  static CoreFlow of(String name, CoreSocket socket) {
    return new CoreFlow(name, socket.transport().isSecure());
  }
}
