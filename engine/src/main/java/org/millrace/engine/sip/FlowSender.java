package org.millrace.engine.sip;

import org.agrona.DirectBuffer;

/** The way to connections of any shard, from any thread. The engine is behind it. */
public interface FlowSender {
  /**
   * Sends a message, as {@code Engine.send}.
   *
   * @param opcode as for {@link org.millrace.engine.connection.Connection#send}.
   * @param buffer holds the message; the caller's again when this returns.
   * @return one of {@link org.millrace.engine.connection.SendResult}.
   */
  int send(long connectionId, int opcode, DirectBuffer buffer, int offset, int length);

  /** Begins a closing handshake, as {@code Engine.close}; false if there is no such connection. */
  boolean close(long connectionId, int code, String reason);

  /**
   * The shard that owns a connection, 0 to 255. No two callbacks for connections of one shard may
   * run at the same time. The default reads the low byte of the id, where the engine has it.
   */
  default int shard(long connectionId) {
    return (int) connectionId & 0xFF;
  }
}
