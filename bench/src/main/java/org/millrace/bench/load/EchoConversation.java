package org.millrace.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.millrace.bench.load.client.Connection;
import org.millrace.bench.load.client.Conversation;
import org.millrace.bench.load.client.Meter;
import org.millrace.bench.load.client.Pending;

/**
 * Messages that come back in their order, byte by byte as they were. Frames are made once for all
 * connections; those that are due at once leave in one write.
 */
final class EchoConversation implements Conversation {
  private final EchoTraffic traffic;
  private final ByteBuffer frames;
  private final ByteBuffer answers;
  private final Meter meter;
  private final int outstanding;
  private final Pending pending = new Pending();
  private Connection connection;
  private long answered;
  private int offset;

  /**
   * One of a connection.
   *
   * @param outstanding messages that are kept under way once {@link #start} was called; 0 if they
   *     leave when they are due.
   */
  EchoConversation(EchoTraffic traffic, Meter meter, int outstanding) {
    this.traffic = traffic;
    this.meter = meter;
    this.outstanding = outstanding;
    frames = traffic.frames();
    answers = traffic.answers();
  }

  /** Begins the closed loop. */
  void start() {
    for (int i = 0; i < outstanding; i++) {
      dueNow();
    }
  }

  private void dueNow() {
    meter.intended(meter.nowNs());
    due(meter.nowNs());
  }

  @Override
  public void opened(Connection opened) {
    connection = opened;
  }

  @Override
  public void due(long intendedNs) {
    pending.add(intendedNs);
    if (connection != null) {
      connection.wake();
    }
  }

  @Override
  public ByteBuffer nextBatch() {
    final int count = traffic.atOnce(pending.due());
    if (count == 0) {
      return null;
    }
    traffic.select(frames, pending.firstDue(), count);
    for (int i = 0; i < count; i++) {
      meter.sent(pending.send());
    }
    return frames;
  }

  @Override
  public void received(ByteBuffer bytes, int from, int to, boolean first, boolean last)
      throws IOException {
    if (!pending.isOpen(answered)) {
      throw new WrongAnswerException("the server sent more than it got");
    }
    offset = first ? 0 : offset;
    bytes.limit(to).position(from);
    if (!traffic.isEcho(bytes, answered, offset, last, answers)) {
      throw new WrongAnswerException("the server's answer is not the echo of its message");
    }
    offset += to - from;
    if (last) {
      meter.answered(pending.answer(answered++));
      if (outstanding > 0 && meter.nowNs() < meter.endNs()) {
        dueNow();
      }
    }
  }

  @Override
  public boolean mayClose(int code) {
    return false;
  }

  @Override
  public void gone() {
    connection = null;
  }
}
