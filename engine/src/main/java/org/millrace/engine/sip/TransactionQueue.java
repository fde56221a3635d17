package org.millrace.engine.sip;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.millrace.engine.connection.SendResult;

/**
 * The way from all routers to the one thread that keeps transactions: a client's request and the
 * core's answer come on different threads. Bounded; nobody waits, and what finds no room is
 * refused.
 *
 * <p>Ordering: a message is committed before {@code wake} is called. So who parks is not missed if
 * it announces that first, then finds {@link #isEmpty}, and {@code wake} looks for the announcement
 * behind a fence; so does {@code Doorbell} of the engine's shards.
 */
final class TransactionQueue {
  private static final int REQUEST = 1;
  private static final int RESPONSE = 2;
  private static final int UNSENT = 3;

  /** The client's connection, then what the target and the group are found by. */
  private static final int HEADER = 3 * Long.BYTES;

  private static final int FLOW = 0;
  private static final int TARGET = Long.BYTES;
  private static final int GROUP = 2 * Long.BYTES;

  /** Takes what is in the queue, on the thread that keeps transactions. */
  interface Taker {
    /**
     * A request on its way to the core, as {@link ProxyTransactions#onRequest} has it.
     *
     * @param targetHash of {@link Target#nameHash}.
     * @param groupHash of {@link UpstreamSet#groupName}, or 0.
     */
    void onRequest(
        long flowId, long targetHash, long groupHash, DirectBuffer buffer, int offset, int length);

    /** A response of the core. */
    void onResponse(DirectBuffer buffer, int offset, int length);

    /**
     * What the transport could not send, after all.
     *
     * @param targetHash of {@link Target#nameHash}.
     */
    void onUnsent(long targetHash, DirectBuffer buffer, int offset, int length);
  }

  private final ManyToOneRingBuffer ring;
  private final Runnable wake;
  private final MessageHandler reader = this::take;
  private Taker current;

  /**
   * @param capacity in bytes, a power of two; no message may be longer than an eighth of it.
   * @param wake called when something has been put in.
   */
  TransactionQueue(int capacity, Runnable wake) {
    final int size = capacity + RingBufferDescriptor.TRAILER_LENGTH;
    ring =
        new ManyToOneRingBuffer(
            new UnsafeBuffer(ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder())));
    this.wake = wake;
  }

  // ---- any thread ----

  /**
   * Whether a transaction may know of what carries a flow's token; one outlives its client's
   * connection.
   *
   * @param flow whose token it is, if it is open.
   */
  boolean mayConcern(FlowFinder.Verdict verdict, Flow flow) {
    return switch (verdict) {
      case OPEN -> flow.policy().hasTransactions();
      case GONE -> true;
      default -> false;
    };
  }

  /**
   * Puts a request in.
   *
   * @param group that further targets come from, or null if the client has named the next hop.
   * @return one of {@link SendResult}: SENT, BACK_PRESSURED or TOO_LONG.
   */
  int request(
      long flowId, Target target, String group, DirectBuffer buffer, int offset, int length) {
    final long groupHash = group == null ? 0 : UpstreamSet.hash(group);
    return put(REQUEST, flowId, target.nameHash(), groupHash, buffer, offset, length);
  }

  /** Puts a response in that has been verified; see {@link SendResult}. */
  int response(DirectBuffer buffer, int offset, int length) {
    return put(RESPONSE, 0, 0, 0, buffer, offset, length);
  }

  /** Puts a request in that the transport had taken and could not send. */
  int unsent(Target target, DirectBuffer buffer, int offset, int length) {
    return put(UNSENT, 0, target.nameHash(), 0, buffer, offset, length);
  }

  private int put(
      int type,
      long flowId,
      long targetHash,
      long groupHash,
      DirectBuffer buffer,
      int offset,
      int length) {
    if (HEADER + length > ring.maxMsgLength()) {
      return SendResult.TOO_LONG;
    }
    final int index = ring.tryClaim(type, HEADER + length);
    if (index < 0) {
      return SendResult.BACK_PRESSURED;
    }
    ring.buffer().putLong(index + FLOW, flowId);
    ring.buffer().putLong(index + TARGET, targetHash);
    ring.buffer().putLong(index + GROUP, groupHash);
    ring.buffer().putBytes(index + HEADER, buffer, offset, length);
    ring.commit(index);
    wake.run();
    return SendResult.SENT;
  }

  // ---- the thread that keeps transactions ----

  /** False if there is something to take, or about to be. */
  boolean isEmpty() {
    return ring.size() == 0;
  }

  /** Takes out no more than so many; returns how many. */
  int drain(Taker taker, int limit) {
    current = taker;
    int taken = 0;
    long position;
    do { // one read ends where the ring wraps around, perhaps without a message
      position = ring.consumerPosition();
      taken += ring.read(reader, limit - taken);
    } while (taken < limit && ring.consumerPosition() != position);
    return taken;
  }

  private void take(int type, MutableDirectBuffer buffer, int index, int length) {
    final int offset = index + HEADER;
    final int count = length - HEADER;
    switch (type) {
      case REQUEST ->
          current.onRequest(
              buffer.getLong(index + FLOW),
              buffer.getLong(index + TARGET),
              buffer.getLong(index + GROUP),
              buffer,
              offset,
              count);
      case RESPONSE -> current.onResponse(buffer, offset, count);
      default -> current.onUnsent(buffer.getLong(index + TARGET), buffer, offset, count);
    }
  }
}
