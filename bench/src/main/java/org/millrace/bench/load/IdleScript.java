package org.millrace.bench.load;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.millrace.bench.load.client.Connection;
import org.millrace.bench.load.client.Conversation;

/** Connections that say nothing, but answer pings as every connection does. */
final class IdleScript implements Script {
  private final List<Silence> conversations;

  IdleScript(LoadPlan plan) {
    conversations = Stream.generate(Silence::new).limit(plan.connections()).toList();
  }

  @Override
  public List<? extends Conversation> conversations() {
    return conversations;
  }

  @Override
  public void due(long intendedNs) {
    throw new IllegalStateException("nothing is due on idle connections");
  }

  private static final class Silence implements Conversation {
    @Override
    public void opened(Connection connection) {}

    @Override
    public void due(long intendedNs) {}

    @Override
    public ByteBuffer nextBatch() {
      return null;
    }

    @Override
    public void received(ByteBuffer bytes, int from, int to, boolean first, boolean last) {}

    @Override
    public boolean mayClose(int code) {
      return false;
    }

    @Override
    public void gone() {}
  }
}
