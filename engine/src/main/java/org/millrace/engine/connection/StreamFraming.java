package org.millrace.engine.connection;

import java.nio.ByteBuffer;
import org.millrace.engine.frame.Violation;

/**
 * Tells where the messages of a byte stream end: what makes a connection of whole messages out of
 * TCP or TLS, as frames do for a WebSocket. One instance a connection, called by its shard's
 * thread; it remembers in a few numbers what it has seen, so that no byte is looked at twice, and
 * allocates nothing.
 *
 * <p>It keeps no bytes. Those of a message that does not lie whole in one read are gathered by the
 * connection, within the limits of its {@link ConnectionContext}.
 */
public interface StreamFraming {
  /** Everything was looked at; what comes next belongs behind it. */
  int NEED_MORE = 0;

  /** Bytes between messages that mean nothing, up to {@link #position}. */
  int NOISE = 1;

  /** A keep-alive of the peer's, to be answered with {@link #pong}. */
  int PING = 2;

  /** The answer to a ping of this side's. */
  int PONG = 3;

  /** The end of a message, at {@link #position}. */
  int MESSAGE = 4;

  /** The stream cannot be understood any further: see {@link #violation}. Said once. */
  int FAILED = 5;

  /**
   * Looks at the next bytes of the stream, those from {@code offset} to {@code limit}. To be called
   * again from {@link #position} on until the answer is {@link #NEED_MORE}; after that with the
   * bytes of the next read.
   *
   * @param bytes direct and in native order; not kept.
   * @param limit more than {@code offset}.
   * @return one of this interface's constants. Whatever is not {@link #NEED_MORE} has begun where
   *     the last such answer ended, if need be in an earlier read.
   */
  int next(ByteBuffer bytes, int offset, int limit);

  /** Behind the last byte looked at by a {@link #next} that has not answered NEED_MORE. */
  int position();

  /** Whether no message has begun. */
  boolean isBetweenMessages();

  /** What is wrong, after {@link #FAILED}. */
  Violation violation();

  /** A ping of this side's. Not empty, not to be written to. */
  byte[] ping();

  /** The answer to a ping. Not empty, not to be written to. */
  byte[] pong();

  /** A ping of this side's is sent: its answer may look like something else without that. */
  void onPingSent();
}
