package org.millrace.engine.connection;

import org.agrona.DirectBuffer;
import org.millrace.engine.frame.Violation;

/**
 * The program's side of a connection. All calls for one connection come from its shard's thread,
 * one after the other: {@link #onOpened} first, {@link #onClosed} last and exactly once.
 *
 * <p>An exception thrown from a callback is recorded in the error log and fails that one connection
 * with 1011. A callback must not wait: it holds up every connection of the shard.
 *
 * <h2>Memory rules</h2>
 *
 * <ol>
 *   <li>A buffer given to a callback is valid, and its bytes stay as they are, until the callback
 *       returns. Whoever wants to keep bytes copies them.
 *   <li>A buffer given to {@code send} belongs to the caller again when {@code send} returns.
 *   <li>A batch given to {@link Wire#write} belongs to the wire until the write is complete or has
 *       failed; nobody else touches it meanwhile.
 *   <li>Bytes given to {@link Inbound#deliver} belong to the wire again when it returns. Bytes
 *       given to {@link Inbound#stalled} belong to the shard until {@link Wire#resume}.
 *   <li>What is pooled is given back in {@code finally}, by the completion of its write, or by the
 *       end of its connection.
 * </ol>
 */
public interface MessageHandler {
  /** The connection is open: it can be sent to from here on. */
  default void onOpened(Connection connection) {}

  /**
   * A whole message has arrived.
   *
   * @param opcode {@link org.millrace.engine.frame.Opcode#TEXT}, then the bytes are valid UTF-8, or
   *     {@link org.millrace.engine.frame.Opcode#BINARY}, which all messages of a stream are.
   * @param buffer holds the message at {@code offset}; memory rule 1. Often the inbound ring
   *     itself.
   * @param length 0 or more bytes.
   */
  void onMessage(Connection connection, int opcode, DirectBuffer buffer, int offset, int length);

  /**
   * A stream cannot be understood any further because of this message: its length is missing or
   * nonsense, or over a limit. The connection, still open, fails when this returns; a last answer
   * may be sent, and leaves before the end. Never called for a WebSocket.
   *
   * @param violation what is wrong with it.
   * @param buffer holds what has come of the message at {@code offset}; memory rule 1.
   * @param length 1 or more bytes.
   */
  default void onMalformed(
      Connection connection, Violation violation, DirectBuffer buffer, int offset, int length) {}

  /** The send queue has fallen below its high mark after {@link SendResult#CONGESTED}. */
  default void onWritable(Connection connection) {}

  /** The connection has left OPEN: nothing more will be received or can be sent. */
  default void onClosing(Connection connection) {}

  /** The connection is gone, transport and all. Exactly once for each {@link #onOpened}. */
  default void onClosed(Connection connection, ClosedEvent event) {}
}
