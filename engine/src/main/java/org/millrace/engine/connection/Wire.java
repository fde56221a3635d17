package org.millrace.engine.connection;

import java.net.SocketAddress;
import java.nio.ByteBuffer;

/**
 * A transport under a connection: what the engine asks of it. Its counterpart is {@link Inbound}.
 *
 * <p>Except for {@link #attached}, all calls come from the shard's thread. None may wait.
 *
 * <p>An exception from any method but {@link #close} ends the connection as {@link Inbound#failed}
 * would.
 */
public interface Wire {
  /** Called within {@code Engine.open}, on its caller's thread, before anything else. */
  void attached(Inbound inbound);

  /** The connection is open: from here on bytes may be delivered. */
  void opened();

  /**
   * Writes the bytes between position and limit. The engine has at most one write under way.
   *
   * @param batch direct; belongs to the wire until the write has ended (memory rule 3).
   * @return true if all is written and the batch not used any more; false if that will be told by
   *     {@link Inbound#writeComplete} or {@link Inbound#writeFailed}, exactly one of them once.
   *     After an exception the batch is the engine's again at once.
   */
  boolean write(ByteBuffer batch);

  /** The bytes given to {@link Inbound#stalled} are taken: go on reading. */
  void resume();

  /** Ends the outbound direction: TLS close_notify where there is TLS, then FIN. */
  void shutdownOutput();

  /**
   * Releases the transport at once. A write under way still has to be ended by {@link
   * Inbound#writeComplete} or {@link Inbound#writeFailed}. Nothing else is called afterwards.
   */
  void close();

  /** May be null. */
  SocketAddress localAddress();

  /** May be null. */
  SocketAddress remoteAddress();
}
