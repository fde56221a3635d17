package org.millrace.jetty;

import java.util.Optional;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.jetty.config.EdgeSubProtocol;
import org.millrace.jetty.config.ListenerConfig;
import org.millrace.jetty.config.PathConfig;

/**
 * What is known of a connection besides what the engine knows; attached to it. Connections of
 * nobody in particular share one for their path and sub-protocol.
 *
 * @param context concluded.
 * @param identity whom the client has proven to be.
 */
record Flow(
    ListenerConfig listener,
    PathConfig path,
    EdgeSubProtocol subProtocol,
    ConnectionContext context,
    Optional<String> identity) {

  Flow of(Optional<String> somebody) {
    return somebody.isEmpty() ? this : new Flow(listener, path, subProtocol, context, somebody);
  }
}
