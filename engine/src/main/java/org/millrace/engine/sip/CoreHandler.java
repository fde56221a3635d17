package org.millrace.engine.sip;

import java.net.InetSocketAddress;
import java.util.function.LongFunction;
import org.agrona.DirectBuffer;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.MessageHandler;
import org.millrace.engine.frame.Violation;

/** One connection with the core: its messages go to the router of its shard. */
final class CoreHandler implements MessageHandler {
  private static final byte[] UNKNOWN = new byte[4];

  private final CoreHop hop = new CoreHop();
  private final LongFunction<EdgeShard> shards;
  private final CoreSocket socket;
  private final SipCounters counters;
  private EdgeShard shard;

  CoreHandler(LongFunction<EdgeShard> shards, CoreSocket socket, SipCounters counters) {
    this.shards = shards;
    this.socket = socket;
    this.counters = counters;
  }

  @Override
  public void onOpened(Connection connection) {
    shard = shards.apply(connection.id());
    if (connection.remoteAddress() instanceof InetSocketAddress remote && !remote.isUnresolved()) {
      hop.set(socket, remote.getAddress().getAddress(), remote.getPort(), connection.id());
    } else {
      hop.set(socket, UNKNOWN, 0, connection.id());
    }
  }

  @Override
  public void onMessage(
      Connection connection, int opcode, DirectBuffer buffer, int offset, int length) {
    if (!CrlfKeepAlive.took(connection, opcode, buffer, offset, length, counters)) {
      shard.onMessage(hop, buffer, offset, length);
    }
  }

  @Override
  public void onMalformed(
      Connection connection, Violation violation, DirectBuffer buffer, int offset, int length) {
    shard.onMalformed(connection, violation, buffer, offset, length);
  }
}
