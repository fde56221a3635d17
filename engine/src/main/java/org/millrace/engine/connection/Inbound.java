package org.millrace.engine.connection;

import java.nio.ByteBuffer;

/**
 * What a {@link Wire} tells its connection. Every method may be called from any thread, none waits;
 * {@link #deliver}, {@link #stalled} and {@link #endOfInput} must be called by one thread at a
 * time, in the order in which the bytes arrived.
 */
public interface Inbound {
  /** All bytes were taken. */
  int DELIVERED = 0;

  /**
   * No room: bytes are left in the buffer. The wire keeps them, stops reading and calls {@link
   * #stalled}.
   */
  int STALLED = 1;

  /** The connection is closed; the bytes were thrown away. */
  int CLOSED = 2;

  /**
   * Hands over bytes that were read, by copying them into the shard's inbound ring. Not before
   * {@link Wire#opened}, nor between {@link #stalled} and {@link Wire#resume}.
   *
   * @param bytes those between position and limit; the position moves over what was taken. Memory
   *     rule 4.
   * @return {@link #DELIVERED}, {@link #STALLED} or {@link #CLOSED}.
   */
  int deliver(ByteBuffer bytes);

  /**
   * Hands over the bytes that {@link #deliver} left. The shard decodes them where they are, after
   * everything delivered before, and then calls {@link Wire#resume}.
   *
   * @param kept direct and in native order; belongs to the shard until then (memory rule 4), and is
   *     of no more use to anybody if the connection ends before.
   */
  void stalled(ByteBuffer kept);

  /** The peer has ended its direction, after the bytes delivered so far. */
  void endOfInput();

  /** The write under way has ended; its batch is the engine's again. */
  void writeComplete();

  /** The write under way has failed and with it the transport; its batch is the engine's again. */
  void writeFailed(Throwable cause);

  /** The transport is dead in both directions, as after a reset. Says nothing about the write. */
  void failed(Throwable cause);
}
