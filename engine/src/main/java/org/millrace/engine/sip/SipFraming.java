package org.millrace.engine.sip;

import java.nio.ByteBuffer;
import org.millrace.engine.connection.StreamFraming;
import org.millrace.engine.frame.Violation;

/** SIP over a stream: messages with a Content-Length (C-66). In the making. */
public final class SipFraming implements StreamFraming {
  private static final byte[] PING = Octets.ascii("\r\n\r\n");
  private static final byte[] PONG = Octets.ascii("\r\n");

  public SipFraming(int maxMessageSize) {
    this(maxMessageSize, false);
  }

  /**
   * @param acceptNoContentLength whether a message without Content-Length has no body, instead of
   *     being malformed.
   */
  public SipFraming(int maxMessageSize, boolean acceptNoContentLength) {}

  @Override
  public int next(ByteBuffer bytes, int offset, int limit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int position() {
    return 0;
  }

  @Override
  public boolean isBetweenMessages() {
    return true;
  }

  @Override
  public Violation violation() {
    return null;
  }

  @Override
  public byte[] ping() {
    return PING;
  }

  @Override
  public byte[] pong() {
    return PONG;
  }

  @Override
  public void onPingSent() {}
}
