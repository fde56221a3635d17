package org.millrace.engine.frame;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The payload of a Close frame: a code and a reason (RFC 6455 section 5.5.1). */
public final class ClosePayload {
  private static final int CODE_LENGTH = Short.BYTES;

  /** Longest reason in bytes. */
  public static final int MAX_REASON_LENGTH = FrameLayout.MAX_SHORT_PAYLOAD - CODE_LENGTH;

  private ClosePayload() {}

  /**
   * Checks a received payload (requirements ).
   *
   * @param buffer direct and in native order.
   * @param length 0 to 125 bytes.
   * @return what is wrong with it, or null.
   */
  public static Violation check(ByteBuffer buffer, int offset, int length) {
    if (length == 0) {
      return null;
    }
    if (length < CODE_LENGTH) {
      return Violation.CLOSE_PAYLOAD_TRUNCATED;
    }
    if (!CloseCode.mayBeReceived(code(buffer, offset, length))) {
      return Violation.CLOSE_CODE_ILLEGAL;
    }
    return Utf8.isValid(buffer, offset + CODE_LENGTH, length - CODE_LENGTH)
        ? null
        : Violation.CLOSE_REASON_NOT_UTF8;
  }

  /** The code of a checked payload; {@link CloseCode#NO_STATUS} for an empty one. */
  public static int code(ByteBuffer buffer, int offset, int length) {
    return length == 0
        ? CloseCode.NO_STATUS
        : ((buffer.get(offset) & 0xFF) << Byte.SIZE) | (buffer.get(offset + 1) & 0xFF);
  }

  /** The reason of a checked payload, empty if there is none. Allocates. */
  public static String reason(ByteBuffer buffer, int offset, int length) {
    if (length <= CODE_LENGTH) {
      return "";
    }
    final byte[] reason = new byte[length - CODE_LENGTH];
    buffer.get(offset + CODE_LENGTH, reason);
    return new String(reason, StandardCharsets.UTF_8);
  }

  /**
   * The payload to send: empty for {@link CloseCode#NO_STATUS}, else the code and as much of the
   * reason as fits, cut between two code points. Allocates.
   */
  public static byte[] encode(int code, String reason) {
    if (code == CloseCode.NO_STATUS) {
      return new byte[0];
    }
    final byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(text.length, MAX_REASON_LENGTH);
    while (length < text.length && isContinuation(text[length])) {
      length--;
    }
    final byte[] payload = new byte[CODE_LENGTH + length];
    payload[0] = (byte) (code >>> Byte.SIZE);
    payload[1] = (byte) code;
    System.arraycopy(text, 0, payload, CODE_LENGTH, length);
    return payload;
  }

  private static boolean isContinuation(byte b) {
    return (b & 0xC0) == 0x80;
  }
}
