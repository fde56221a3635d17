package org.millrace.jetty.upstream;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.millrace.engine.sip.ClientTransactions;

/**
 * Between the threads that send requests over UDP and the one that repeats them (C-60). Who sends
 * puts a copy into a ring first; the UDP agent takes the copies out after each datagram that it has
 * read and before it handles it, so that no answer is met whose request is not known.
 *
 * <p>Nobody is woken for a copy: it says when it was made, and the agent looks often enough for the
 * first time that it is due.
 */
final class Retransmitter implements MessageHandler, ClientTransactions.Resender {
  private static final int TYPE = 1;
  private static final int HEADER = 2 * Long.BYTES;
  private static final long LOOK_AGAIN_NS = TimeUnit.MILLISECONDS.toNanos(100);

  private final ManyToOneRingBuffer ring;
  private final UdpPaths paths;
  private final ClientTransactions transactions;
  private final CoreCounters counters;
  private long nextNs;

  /**
   * @param ringCapacity in bytes, a power of two; no message longer than an eighth of it is
   *     repeated.
   * @param transactions owned by the thread of the UDP agent.
   */
  Retransmitter(
      int ringCapacity, UdpPaths paths, ClientTransactions transactions, CoreCounters counters) {
    ring =
        new ManyToOneRingBuffer(
            new UnsafeBuffer(
                ByteBuffer.allocateDirect(ringCapacity + RingBufferDescriptor.TRAILER_LENGTH)));
    this.paths = paths;
    this.transactions = transactions;
    this.counters = counters;
  }

  // --- any thread -------------------------------------------------------------------------------

  /**
   * A request is about to be sent.
   *
   * @return whether it will be repeated; if not, that is counted.
   */
  boolean begin(UdpPaths.Path path, DirectBuffer buffer, int offset, int length, long nowNs) {
    final int index =
        HEADER + length > ring.maxMsgLength() ? -1 : ring.tryClaim(TYPE, HEADER + length);
    if (index < 0) {
      counters.increment(CoreCounter.UDP_UNREPEATED);
      return false;
    }
    ring.buffer().putLong(index, path.id());
    ring.buffer().putLong(index + Long.BYTES, nowNs);
    ring.buffer().putBytes(index + HEADER, buffer, offset, length);
    ring.commit(index);
    return true;
  }

  // --- the UDP agent ----------------------------------------------------------------------------

  /** Repeats what is due. */
  int poll(long nowNs) {
    final int begun = takeBegun();
    final long dueNs = transactions.poll(nowNs, this);
    final long latestNs = nowNs + LOOK_AGAIN_NS;
    nextNs = dueNs == ClientTransactions.NO_DEADLINE || dueNs - latestNs > 0 ? latestNs : dueNs;
    return begun;
  }

  /** When to poll again at the latest. */
  long nextNs() {
    return nextNs;
  }

  /** A datagram has come, perhaps an answer. */
  void onMessage(DirectBuffer buffer, int offset, int length) {
    takeBegun();
    transactions.onResponse(buffer, offset, length);
  }

  private int takeBegun() {
    final long end = ring.producerPosition();
    int all = 0;
    long before;
    do { // one read ends where the ring wraps around, perhaps without a message
      before = ring.consumerPosition();
      all += ring.read(this);
    } while (ring.consumerPosition() != before && ring.consumerPosition() < end);
    return all;
  }

  /** A copy in the ring. */
  @Override
  public void onMessage(int type, MutableDirectBuffer buffer, int index, int length) {
    final long destination = buffer.getLong(index);
    final long sentNs = buffer.getLong(index + Long.BYTES);
    transactions.add(destination, buffer, index + HEADER, length - HEADER, sentNs);
  }

  @Override
  public void resend(long destination, DirectBuffer buffer, int offset, int length) {
    final UdpPaths.Path path = paths.get(destination);
    path.socket().send(path.address(), buffer, offset, length);
  }
}
