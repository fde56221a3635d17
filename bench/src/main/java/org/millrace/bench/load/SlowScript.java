package org.millrace.bench.load;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.millrace.bench.load.client.Connection;
import org.millrace.bench.load.client.Conversation;
import org.millrace.bench.load.client.Meter;

/**
 * Echo, where some connections send like the others but read hardly anything. Only the messages of
 * the others are counted: what is asked is whether they suffer. That a server ends the connection
 * of a slow reader is a note and no error.
 */
final class SlowScript implements Script {
  private static final int TURNS_PER_SECOND = 10;

  /** A record of TLS is opened as a whole: what one may hold, and some more. */
  private static final int RECORD = 20 * 1024;

  private static final double NS = 1e9;

  private final Meter meter;
  private final List<Conversation> conversations = new ArrayList<>();
  private final List<SlowReader> slow = new ArrayList<>();
  private final Rotation readers;
  private final Rotation laggards;
  private final double slowPerReader;
  private final ByteBuffer sip;
  private double credit;
  private final long turnNs;
  private long nextTurnNs;

  SlowScript(LoadPlan plan, Meter meter) {
    this.meter = meter;
    final EchoTraffic traffic = new EchoTraffic(plan.payload());
    final int count = (int) Math.round(plan.connections() * plan.slow().share());
    final List<EchoConversation> others = new ArrayList<>();
    for (int i = 0; i < plan.connections() - count; i++) {
      others.add(new EchoConversation(traffic, meter, 0));
    }
    for (int i = 0; i < count; i++) {
      slow.add(new SlowReader(traffic));
    }
    conversations.addAll(others);
    conversations.addAll(slow);
    readers = new Rotation(others);
    laggards = new Rotation(slow);
    slowPerReader = (double) count / others.size();
    final int bytesPerSecond = Math.max(1, plan.slow().bytesPerSecond());
    sip =
        ByteBuffer.allocateDirect(
            Math.max(plan.isSecure() ? RECORD : 1, bytesPerSecond / TURNS_PER_SECOND));
    turnNs = (long) (sip.capacity() * NS / bytesPerSecond);
    nextTurnNs = turnNs;
  }

  @Override
  public List<? extends Conversation> conversations() {
    return conversations;
  }

  @Override
  public void due(long intendedNs) {
    readers.due(intendedNs);
    for (credit += slowPerReader; credit >= 1; credit--) {
      laggards.due(intendedNs);
    }
  }

  @Override
  public long timerNs() {
    return nextTurnNs;
  }

  @Override
  public void timer() {
    nextTurnNs += turnNs;
    for (final SlowReader each : slow) {
      each.read();
    }
  }

  private final class SlowReader implements Conversation {
    private final EchoTraffic traffic;
    private final ByteBuffer frames;
    private Connection connection;
    private long due;
    private long sent;

    private SlowReader(EchoTraffic traffic) {
      this.traffic = traffic;
      frames = traffic.frames();
    }

    private void read() {
      if (connection != null) {
        connection.readOnce(sip);
      }
    }

    @Override
    public void opened(Connection opened) {
      connection = opened;
      opened.read(false);
    }

    @Override
    public void due(long intendedNs) {
      due++;
      if (connection != null) {
        connection.wake();
      }
    }

    @Override
    public ByteBuffer nextBatch() {
      final int count = traffic.atOnce(due - sent);
      if (count == 0) {
        return null;
      }
      traffic.select(frames, sent, count);
      sent += count;
      return frames;
    }

    @Override
    public void received(ByteBuffer bytes, int from, int to, boolean first, boolean last) {}

    @Override
    public boolean mayClose(int code) {
      return true;
    }

    @Override
    public boolean mayEnd() {
      return true;
    }

    @Override
    public void gone() {
      connection = null;
      meter.note("slow readers whose connection the server ended");
    }
  }
}
