package org.millrace.engine.connection;

import java.util.ArrayDeque;
import java.util.SplittableRandom;
import org.agrona.ErrorHandler;
import org.millrace.engine.frame.MaskingKeys;
import org.millrace.engine.message.BufferPool;
import org.millrace.engine.message.MessageAssembler;
import org.millrace.engine.status.Counters;

/**
 * What the connections of one shard share, so that an idle connection holds nothing but its state.
 *
 * <p>Not thread-safe: owned by the shard, but for the counters, which others may read.
 */
public final class ConnectionResources {
  /** Spare assemblers and queues kept for reuse; what a burst needs beyond that is collected. */
  private static final int MAX_SPARE = 4096;

  private final BufferPool buffers;
  private final MaskingKeys maskingKeys;
  private final Counters counters;
  private final ErrorHandler errors;
  private final ConnectionListener listener;
  private final SplittableRandom random;
  private final FrameReceiver receiver = new FrameReceiver(this);
  private final StreamReceiver streamReceiver = new StreamReceiver(this);
  private final ArrayDeque<MessageAssembler> assemblers = new ArrayDeque<>();
  private final ArrayDeque<SendQueue> sendQueues = new ArrayDeque<>();
  private final byte[] pingPayload = new byte[Long.BYTES];
  private int pings;
  private long nowNs;

  /**
   * @param seed for jitter and ping payloads.
   */
  public ConnectionResources(
      BufferPool buffers,
      MaskingKeys maskingKeys,
      Counters counters,
      ErrorHandler errors,
      ConnectionListener listener,
      long seed) {
    this.buffers = buffers;
    this.maskingKeys = maskingKeys;
    this.counters = counters;
    this.errors = errors;
    this.listener = listener;
    this.random = new SplittableRandom(seed);
  }

  /** Sets the time of this duty cycle, in nanoseconds since the engine's start. */
  public void nowNs(long now) {
    nowNs = now;
  }

  public long nowNs() {
    return nowNs;
  }

  public BufferPool buffers() {
    return buffers;
  }

  public Counters counters() {
    return counters;
  }

  MaskingKeys maskingKeys() {
    return maskingKeys;
  }

  ErrorHandler errors() {
    return errors;
  }

  ConnectionListener listener() {
    return listener;
  }

  SplittableRandom random() {
    return random;
  }

  FrameReceiver receiver() {
    return receiver;
  }

  StreamReceiver streamReceiver() {
    return streamReceiver;
  }

  /** A counter and a random number, so that a pong can be told from all others. */
  long nextPingPayload() {
    return ((long) pings++ << Integer.SIZE) | (random.nextInt() & 0xFFFF_FFFFL);
  }

  /** The payload as wire bytes, valid until the next call. */
  byte[] encodePingPayload(long payload) {
    for (int i = 0; i < pingPayload.length; i++) {
      pingPayload[i] = (byte) (payload >>> (Byte.SIZE * (pingPayload.length - 1 - i)));
    }
    return pingPayload;
  }

  MessageAssembler takeAssembler() {
    final MessageAssembler spare = assemblers.pollLast();
    final MessageAssembler assembler = spare == null ? new MessageAssembler() : spare;
    assembler.begin(nowNs);
    return assembler;
  }

  void giveBack(MessageAssembler assembler) {
    assembler.reset(buffers);
    if (assemblers.size() < MAX_SPARE) {
      assemblers.addLast(assembler);
    }
  }

  SendQueue takeSendQueue() {
    final SendQueue spare = sendQueues.pollLast();
    return spare == null ? new SendQueue() : spare;
  }

  void giveBack(SendQueue queue) {
    if (sendQueues.size() < MAX_SPARE) {
      sendQueues.addLast(queue);
    }
  }
}
