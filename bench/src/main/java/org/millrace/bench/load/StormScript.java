package org.millrace.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.millrace.bench.load.client.Connection;
import org.millrace.bench.load.client.Conversation;
import org.millrace.bench.load.client.Meter;
import org.millrace.bench.load.client.Network;

/**
 * Connections that begin when they are due, shake hands and go. Its messages are the opening
 * handshakes: a 101 is an answer. In the closed loop, as many as the plan's connections are under
 * way at once.
 */
final class StormScript implements Script {
  private static final int NORMAL = 1000;

  private final Network network;
  private final Meter meter;
  private final int atOnce;
  private int under;

  StormScript(LoadPlan plan, Network network, Meter meter) {
    this.network = network;
    this.meter = meter;
    atOnce = plan.pace().isClosed() ? plan.connections() : 0;
  }

  @Override
  public List<? extends Conversation> conversations() {
    return List.of();
  }

  @Override
  public void due(long intendedNs) throws IOException {
    network.begin(new Visit(intendedNs), intendedNs);
    meter.sent(intendedNs);
    under++;
  }

  @Override
  public long timerNs() {
    return under < atOnce && meter.nowNs() < meter.endNs() ? meter.nowNs() : Long.MAX_VALUE;
  }

  @Override
  public void timer() throws IOException {
    while (under < atOnce) {
      meter.intended(meter.nowNs());
      due(meter.nowNs());
    }
  }

  private final class Visit implements Conversation {
    private final long intendedNs;

    private Visit(long intendedNs) {
      this.intendedNs = intendedNs;
    }

    @Override
    public void opened(Connection connection) throws IOException {
      meter.answered(intendedNs);
      connection.close();
    }

    @Override
    public void due(long unused) {}

    @Override
    public ByteBuffer nextBatch() {
      return null;
    }

    @Override
    public void received(ByteBuffer bytes, int from, int to, boolean first, boolean last) {}

    @Override
    public boolean mayClose(int code) {
      return code == NORMAL;
    }

    @Override
    public void gone() {
      under--;
    }
  }
}
