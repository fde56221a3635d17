package org.millrace.bench.load;

import java.util.List;
import org.millrace.bench.load.client.Conversation;
import org.millrace.bench.load.client.Driver;

/** Gives the messages to connections in turn. */
final class Rotation implements Driver.Load {
  private final List<? extends Conversation> conversations;
  private int next;

  Rotation(List<? extends Conversation> conversations) {
    this.conversations = conversations;
  }

  @Override
  public void due(long intendedNs) {
    conversations.get(next).due(intendedNs);
    next = next + 1 == conversations.size() ? 0 : next + 1;
  }
}
