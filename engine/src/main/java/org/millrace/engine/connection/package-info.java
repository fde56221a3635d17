/**
 * One WebSocket connection: its state, its closing handshake, its keep-alive and its send queue,
 * between a {@link org.millrace.engine.connection.Wire} to a transport and a {@link
 * org.millrace.engine.connection.MessageHandler}.
 *
 * <p>Everything here but {@link org.millrace.engine.connection.Inbound} belongs to one thread, the
 * shard that owns the connection. Nothing here waits, locks or logs.
 */
package org.millrace.engine.connection;
