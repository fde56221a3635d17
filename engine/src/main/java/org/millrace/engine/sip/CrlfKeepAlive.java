package org.millrace.engine.sip;

import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.engine.connection.Connection;

/** The keep-alive of RFC 5626 section 3.5.1 in messages of WebSocket (B-17 to B-20). */
final class CrlfKeepAlive {
  private static final byte[] PING = {'\r', '\n', '\r', '\n'};
  private static final byte[] PONG = {'\r', '\n'};
  private static final DirectBuffer PONG_BUFFER =
      new UnsafeBuffer(ByteBuffer.allocateDirect(2).put(PONG).flip());

  private CrlfKeepAlive() {}

  /** Whether the message was a ping, which has been answered, a pong, or empty. */
  static boolean took(
      Connection connection,
      int opcode,
      DirectBuffer buffer,
      int offset,
      int length,
      SipCounters counters) {
    if (length > PING.length) {
      return false;
    }
    if (is(PING, buffer, offset, length)) {
      counters.increment(SipCounter.KEEP_ALIVE_PINGS);
      connection.send(opcode, PONG_BUFFER, 0, PONG.length);
      return true;
    }
    if (is(PONG, buffer, offset, length)) {
      counters.increment(SipCounter.KEEP_ALIVE_PONGS);
      return true;
    }
    return length == 0;
  }

  private static boolean is(byte[] expected, DirectBuffer buffer, int offset, int length) {
    if (length != expected.length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (buffer.getByte(offset + i) != expected[i]) {
        return false;
      }
    }
    return true;
  }
}
