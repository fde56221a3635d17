package org.millrace.engine.connection;

import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.millrace.engine.frame.FrameEncoder;
import org.millrace.engine.frame.FrameLayout;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.frame.Role;
import org.millrace.engine.frame.Utf8;
import org.millrace.engine.message.BufferPool;

/**
 * What of one connection the transport has not taken yet, frames or a stream's messages: one batch
 * in flight, which belongs to the wire, and one pending, into which frames are encoded in the order
 * in which they will leave. A connection has a queue only while there is something in it.
 *
 * <p>While a batch is in flight the queue is blocked, and the pending batch keeps room in front of
 * its data for control frames, which overtake data that way (requirement A-39) but never another
 * control frame; at most the newest pong and the newest ping wait there.
 *
 * <pre>
 *   pending, blocked:      | free | pong | ping | data and close frames ... | free |
 *                                 ^ start       ^ HEADROOM                  ^ end
 *   pending, not blocked:  | frames in order ... | free |
 *                          ^ start = 0           ^ end
 * </pre>
 */
final class SendQueue {
  private static final int LONGEST_CONTROL_FRAME =
      FrameLayout.BASE_LENGTH + FrameLayout.MASKING_KEY_LENGTH + FrameLayout.MAX_SHORT_PAYLOAD;
  static final int HEADROOM = 2 * LONGEST_CONTROL_FRAME;

  private ByteBuffer pending;
  private int start;
  private int end;
  private int pongLength;
  private int pingLength;
  private int pendingMessages;

  private ByteBuffer inFlight;
  private int inFlightBytes;
  private int inFlightMessages;
  private long deadlineNs;

  /**
   * Encodes a message in one frame at the end of the pending batch.
   *
   * @return false, and nothing changed, if the pool has no buffer for it.
   */
  boolean addMessage(
      ConnectionResources resources,
      Role role,
      int opcode,
      DirectBuffer source,
      int offset,
      int length) {
    final int payload = FrameEncoder.headerLength(role, length);
    if (!reserve(resources.buffers(), payload + length, false)) {
      return false;
    }
    source.getBytes(offset, pending, end + payload, length);
    final int wireOpcode = opcode == Connection.AUTO ? opcodeFor(end + payload, length) : opcode;
    end += encode(resources, role, wireOpcode, end, length);
    pendingMessages++;
    return true;
  }

  /**
   * Adds a message as it is.
   *
   * @return false, and nothing changed, if the pool has no buffer for it.
   */
  boolean addUnframed(BufferPool pool, DirectBuffer source, int offset, int length) {
    if (!reserve(pool, length, false)) {
      return false;
    }
    source.getBytes(offset, pending, end, length);
    end += length;
    pendingMessages++;
    return true;
  }

  /** Adds bytes that are no message. */
  void addUnframed(BufferPool pool, byte[] bytes) {
    final int at = append(pool, bytes.length);
    pending.put(at, bytes);
  }

  private int encode(ConnectionResources resources, Role role, int opcode, int offset, int length) {
    return FrameEncoder.encode(
        role, opcode, true, pending, offset, length, resources.maskingKeys());
  }

  private int opcodeFor(int offset, int length) {
    return Utf8.isValid(pending, offset, length) ? Opcode.TEXT : Opcode.BINARY;
  }

  /** Adds a pong with the payload of the ping that it answers. */
  void addPong(
      ConnectionResources resources, Role role, ByteBuffer source, int offset, int length) {
    final BufferPool pool = resources.buffers();
    final int frame = FrameEncoder.headerLength(role, length) + length;
    final int at = isBlocked() ? overtakeAsPong(pool, frame) : append(pool, frame);
    pending.put(at + frame - length, source, offset, length);
    encode(resources, role, Opcode.PONG, at, length);
  }

  /** Adds a ping or an unsolicited pong of the keep-alive. */
  void addKeepAlive(ConnectionResources resources, Role role, int opcode, byte[] payload) {
    final BufferPool pool = resources.buffers();
    final int frame = FrameEncoder.headerLength(role, payload.length) + payload.length;
    final int at = isBlocked() ? overtakeAsPing(pool, frame) : append(pool, frame);
    pending.put(at + frame - payload.length, payload);
    encode(resources, role, opcode, at, payload.length);
  }

  /** Adds a Close behind everything that is queued; nothing may be added afterwards. */
  void addClose(ConnectionResources resources, Role role, byte[] payload) {
    final int frame = FrameEncoder.headerLength(role, payload.length) + payload.length;
    final int at = append(resources.buffers(), frame);
    pending.put(at + frame - payload.length, payload);
    encode(resources, role, Opcode.CLOSE, at, payload.length);
  }

  /** Throws away messages queued behind a blocked write; returns how many. */
  int discardBlockedMessages() {
    final int discarded = isBlocked() ? pendingMessages : 0;
    if (discarded > 0) {
      end = HEADROOM;
      pendingMessages = 0;
    }
    return discarded;
  }

  private int append(BufferPool pool, int length) {
    reserve(pool, length, true);
    final int at = end;
    end += length;
    return at;
  }

  private int overtakeAsPong(BufferPool pool, int length) {
    reserve(pool, 0, true);
    pongLength = length;
    start = HEADROOM - pingLength - pongLength;
    return start;
  }

  private int overtakeAsPing(BufferPool pool, int length) {
    reserve(pool, 0, true);
    final int pongAt = HEADROOM - length - pongLength;
    pending.put(pongAt, pending, start, pongLength);
    pingLength = length;
    start = pongAt;
    return HEADROOM - length;
  }

  private boolean reserve(BufferPool pool, int length, boolean anyway) {
    if (pending == null) {
      final int first = isBlocked() ? HEADROOM : 0;
      pending = anyway ? pool.acquireAnyway(first + length) : pool.acquire(first + length);
      if (pending == null) {
        return false;
      }
      start = first;
      end = first;
    } else if (end + length > pending.capacity()) {
      final ByteBuffer larger =
          anyway
              ? pool.growAnyway(pending, end, end + length)
              : pool.grow(pending, end, end + length);
      if (larger == null) {
        return false;
      }
      pending = larger;
    }
    return true;
  }

  /** Whether a write is under way. */
  boolean isBlocked() {
    return inFlight != null;
  }

  boolean hasPending() {
    return end > start;
  }

  boolean isEmpty() {
    return pending == null && inFlight == null;
  }

  int bytes() {
    return inFlightBytes + (pending == null ? 0 : end - start);
  }

  int messages() {
    return inFlightMessages + pendingMessages;
  }

  /** When the write under way has to be complete. */
  long deadlineNs() {
    return deadlineNs;
  }

  /** Makes the pending batch the one in flight; returns it, ready to be written. */
  ByteBuffer startWrite(long deadline) {
    inFlight = pending.limit(end).position(start);
    inFlightBytes = end - start;
    inFlightMessages = pendingMessages;
    deadlineNs = deadline;
    pending = null;
    forgetPending();
    return inFlight;
  }

  /** Takes the batch in flight back from the wire; returns how many bytes it had. */
  int endWrite(BufferPool pool) {
    final int bytes = inFlightBytes;
    pool.release(inFlight);
    inFlight = null;
    inFlightBytes = 0;
    inFlightMessages = 0;
    return bytes;
  }

  /** Throws the pending batch away; returns how many messages were in it. */
  int discardPending(BufferPool pool) {
    final int discarded = pendingMessages;
    if (pending != null) {
      pool.release(pending);
      pending = null;
    }
    forgetPending();
    return discarded;
  }

  private void forgetPending() {
    start = 0;
    end = 0;
    pongLength = 0;
    pingLength = 0;
    pendingMessages = 0;
  }
}
