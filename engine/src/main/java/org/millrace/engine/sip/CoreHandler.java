package org.millrace.engine.sip;

import java.net.InetSocketAddress;
import java.util.function.LongFunction;
import org.agrona.DirectBuffer;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.MessageHandler;

/** One connection with the core: its messages go to the router of its shard. */
final class CoreHandler implements MessageHandler {
  private static final byte[] UNKNOWN = new byte[4];

  private final CoreHop hop = new CoreHop();
  private final LongFunction<? extends CoreReceiver> receivers;
  private final CoreSocket socket;
  private final SipCounters counters;
  private CoreReceiver receiver;

  CoreHandler(
      LongFunction<? extends CoreReceiver> receivers, CoreSocket socket, SipCounters counters) {
    this.receivers = receivers;
    this.socket = socket;
    this.counters = counters;
  }

  @Override
  public void onOpened(Connection connection) {
    receiver = receivers.apply(connection.id());
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
      receiver.onMessage(hop, buffer, offset, length);
    }
  }
}
