package org.millrace.bench.load;

import java.util.List;
import java.util.stream.Stream;
import org.millrace.bench.load.client.Conversation;
import org.millrace.bench.load.client.Meter;

/** Connections that all send, in turn, and get back what they sent. */
final class EchoScript implements Script {
  private final List<EchoConversation> conversations;
  private final Rotation rotation;

  EchoScript(LoadPlan plan, Meter meter) {
    final EchoTraffic traffic = new EchoTraffic(plan.payload());
    final int outstanding = plan.pace().outstanding();
    conversations =
        Stream.generate(() -> new EchoConversation(traffic, meter, outstanding))
            .limit(plan.connections())
            .toList();
    rotation = new Rotation(conversations);
  }

  @Override
  public List<? extends Conversation> conversations() {
    return conversations;
  }

  @Override
  public void start() {
    conversations.forEach(EchoConversation::start);
  }

  @Override
  public void due(long intendedNs) {
    rotation.due(intendedNs);
  }
}
