package org.millrace.engine.sip;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.millrace.engine.sip.SipClient.crlf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Text of tests as bytes and back. */
final class Text {
  private Text() {}

  static UnsafeBuffer direct(String text) {
    final byte[] bytes = text.getBytes(ISO_8859_1);
    final ByteBuffer buffer =
        ByteBuffer.allocateDirect(bytes.length).order(ByteOrder.nativeOrder());
    return new UnsafeBuffer(buffer.put(0, bytes));
  }

  static String of(DirectBuffer buffer, int offset, int length) {
    final byte[] bytes = new byte[length];
    buffer.getBytes(offset, bytes);
    return new String(bytes, ISO_8859_1);
  }

  /** A message without defect, with line ends as in Java text. */
  static SipMessage parsed(String lines) {
    final SipMessage message = new SipMessage();
    final UnsafeBuffer buffer = direct(crlf(lines));
    final SipDefect defect = message.parse(buffer, 0, buffer.capacity());
    if (defect != SipDefect.NONE) {
      throw new AssertionError(defect + " in " + lines);
    }
    return message;
  }

  /** A request of alice to bob; {@code more} are header lines. */
  static String request(String method, String uri, String callId, String more) {
    return method
        + " "
        + uri
        + " SIP/2.0\nVia: SIP/2.0/WSS a.invalid;branch=z9hG4bK1\nMax-Forwards: 70\n"
        + "To: <sip:bob@example.com>\nFrom: <sip:alice@example.com>;tag=1\nCall-ID: "
        + callId
        + "\nCSeq: 1 "
        + method
        + "\n"
        + more
        + "\n";
  }
}
