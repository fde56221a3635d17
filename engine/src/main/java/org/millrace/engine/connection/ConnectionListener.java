package org.millrace.engine.connection;

/**
 * Hears of every connection of an engine, whatever its handler: exactly one opened and one closed
 * event each. Called on the shard that owns the connection; must not wait.
 */
public interface ConnectionListener {
  /** Hears nothing. */
  ConnectionListener NONE = new ConnectionListener() {};

  default void onOpened(Connection connection) {}

  default void onClosed(Connection connection, ClosedEvent event) {}
}
