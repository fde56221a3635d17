package org.millrace.engine.connection;

import java.net.SocketAddress;
import org.agrona.DirectBuffer;

/**
 * A connection as its handler sees it. To be used on the shard that owns it only, that is from
 * within callbacks; from elsewhere use the engine with the {@link #id}.
 */
public interface Connection {
  /** In place of an opcode: text if the bytes are valid UTF-8, else binary (requirement A-44). */
  int AUTO = -1;

  /**
   * Positive, unique in the engine for as long as anybody may hold it, 0 before the connection is
   * open.
   */
  long id();

  ConnectionState state();

  ConnectionContext context();

  /**
   * Sends a message in one frame, or over a stream as it is. It is encoded at once and leaves with
   * the shard's next flush.
   *
   * @param opcode TEXT, whose bytes the caller vouches for, BINARY, or {@link #AUTO}; all the same
   *     to a stream.
   * @param buffer holds the message; memory rule 2.
   * @param length 0 or more bytes.
   * @return one of {@link SendResult}.
   * @throws IllegalArgumentException for any other opcode.
   */
  int send(int opcode, DirectBuffer buffer, int offset, int length);

  /**
   * Begins the closing handshake. What was accepted before goes out first. The connection is closed
   * when the peer has answered, or after {@link ConnectionContext#closeTimeout()}. Over a stream
   * there is no handshake: its direction ends, and the peer has {@link
   * ConnectionContext#lingerTimeout()} to do the same; code and reason are not sent.
   *
   * @param code that this role may send, or 1005 for a Close without a code.
   * @param reason cut between code points to 123 bytes of UTF-8; null for none.
   * @return whether the connection was open.
   * @throws IllegalArgumentException for a code that must not be sent.
   */
  boolean close(int code, String reason);

  /**
   * Sends a ping as the keep-alive does, with its payload; the pong is awaited as after one of its
   * own, and unless the mechanism is NONE a peer that says nothing until {@link
   * ConnectionContext#pongTimeout()} is dead. While such a ping is unanswered the same one is
   * repeated, which puts off nothing.
   *
   * @return whether the connection was open; false for a stream in the server role, whose client is
   *     the one to ping.
   */
  boolean ping();

  /**
   * Sends a pong that answers nothing, with the payload of the keep-alive (RFC 6455 section 5.5.3).
   *
   * @return false if the connection was not open, or the pong would take the place of a ping that
   *     waits behind a write.
   */
  boolean pong();

  /** Whether the ping last sent has not been answered by its pong. */
  boolean isAwaitingPong();

  /** Bytes accepted and not yet taken by the transport. */
  int queuedBytes();

  /** Time on the engine's clock at which a byte was last received, in nanoseconds. */
  long lastReceivedNs();

  /** When the connection was opened, to the second, on the same clock. */
  long openedNs();

  /** Round trip of the ping last confirmed, in microseconds; -1 if there was none. */
  int rttMicros();

  SocketAddress localAddress();

  SocketAddress remoteAddress();

  /** Whatever the handler has attached, or null. */
  Object attachment();

  void attach(Object attachment);
}
