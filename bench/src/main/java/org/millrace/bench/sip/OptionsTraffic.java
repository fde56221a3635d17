package org.millrace.bench.sip;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.millrace.engine.frame.FrameEncoder;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.frame.Role;

/**
 * OPTIONS as a browser's SIP stack sends it, each with a number in its branch, its Call-ID and its
 * CSeq, and the answers to it. One thread.
 */
final class OptionsTraffic {
  private static final int MASKING_KEY = 0x37FA213D;
  private static final int DIGITS = 9;
  private static final byte[] CSEQ = "\r\nCSeq: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] OK = "SIP/2.0 200 ".getBytes(StandardCharsets.US_ASCII);

  private final byte[] text;
  private final int[] numbers;
  private final ByteBuffer frame = ByteBuffer.allocateDirect(4096).order(ByteOrder.nativeOrder());

  OptionsTraffic(int connection) {
    final String zeros = "0".repeat(DIGITS);
    final String message =
        String.format(
            Locale.ROOT,
            """
            OPTIONS sip:core@example.com SIP/2.0
            Via: SIP/2.0/WS %1$08x.invalid;branch=z9hG4bK%2$s
            Max-Forwards: 69
            To: <sip:core@example.com>
            From: "Client" <sip:client%1$d@example.com>;tag=c%1$dtag
            Call-ID: c%1$d-%2$s
            CSeq: 1%2$s OPTIONS
            Contact: <sip:client%1$d@%1$08x.invalid;transport=ws;ob>
            Accept: application/sdp, application/dtmf-relay
            Allow: INVITE,ACK,CANCEL,BYE,UPDATE,MESSAGE,OPTIONS,REFER,INFO,NOTIFY
            Supported: outbound
            User-Agent: JsSIP 3.13.8
            Content-Length: 0

            """,
            connection,
            zeros);
    text = message.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
    final int branch = message.replace("\n", "\r\n").indexOf(zeros);
    final int callId = message.replace("\n", "\r\n").indexOf(zeros, branch + DIGITS);
    final int cseq = message.replace("\n", "\r\n").indexOf(zeros, callId + DIGITS);
    numbers = new int[] {branch, callId, cseq};
  }

  /** The frame of a message; the same buffer each time. */
  ByteBuffer frame(int number) {
    for (final int at : numbers) {
      int rest = number;
      for (int i = at + DIGITS - 1; i >= at; i--) {
        text[i] = (byte) ('0' + rest % 10);
        rest /= 10;
      }
    }
    final int header = FrameEncoder.headerLength(Role.CLIENT, text.length);
    frame.clear();
    frame.put(header, text);
    FrameEncoder.encode(
        Role.CLIENT, Opcode.TEXT, true, frame, 0, text.length, () -> MASKING_KEY + number);
    return frame.limit(header + text.length);
  }

  /**
   * The number of the message that a 200 answers; -1 if it is something else.
   *
   * @param answer its bytes from {@code from} to before {@code to}.
   */
  static int number(ByteBuffer answer, int from, int to) {
    if (find(answer, from, Math.min(to, from + OK.length), OK) < 0) {
      return -1;
    }
    final int at = find(answer, from, to, CSEQ);
    if (at < 0) {
      return -1;
    }
    int number = 0;
    for (int i = at + CSEQ.length + 1; i < at + CSEQ.length + 1 + DIGITS; i++) {
      number = number * 10 + answer.get(i) - '0';
    }
    return number;
  }

  private static int find(ByteBuffer bytes, int from, int to, byte[] wanted) {
    for (int at = from; at <= to - wanted.length; at++) {
      int same = 0;
      while (same < wanted.length && bytes.get(at + same) == wanted[same]) {
        same++;
      }
      if (same == wanted.length) {
        return at;
      }
    }
    return -1;
  }
}
