package org.millrace.engine.frame;

import java.util.BitSet;

/**
 * Every reason for which this side fails a connection, each with the close code that goes on the
 * wire (RFC 6455 section 7.1.7). The text is for logs and events; the wire carries the code alone,
 * and that of a stream nothing.
 */
public enum Violation {
  RSV_BIT_SET(0, CloseCode.PROTOCOL_ERROR, "reserved bit set without an extension that defines it"),
  RESERVED_OPCODE(1, CloseCode.PROTOCOL_ERROR, "reserved opcode"),
  MASK_MISSING(2, CloseCode.PROTOCOL_ERROR, "client frame without a mask"),
  MASK_UNEXPECTED(3, CloseCode.PROTOCOL_ERROR, "server frame with a mask"),
  LENGTH_NOT_MINIMAL(4, CloseCode.PROTOCOL_ERROR, "payload length not in its minimal form"),
  LENGTH_TOP_BIT(5, CloseCode.PROTOCOL_ERROR, "64-bit payload length with the top bit set"),
  CONTROL_FRAGMENTED(6, CloseCode.PROTOCOL_ERROR, "fragmented control frame"),
  CONTROL_TOO_LONG(7, CloseCode.PROTOCOL_ERROR, "control frame payload over 125 bytes"),
  CONTINUATION_WITHOUT_START(
      8, CloseCode.PROTOCOL_ERROR, "continuation without a message to continue"),
  MESSAGE_INSIDE_MESSAGE(
      9, CloseCode.PROTOCOL_ERROR, "new message before the last one was finished"),
  CLOSE_PAYLOAD_TRUNCATED(10, CloseCode.PROTOCOL_ERROR, "close payload of one byte"),
  CLOSE_CODE_ILLEGAL(11, CloseCode.PROTOCOL_ERROR, "close code that must not be sent"),
  CLOSE_REASON_NOT_UTF8(12, CloseCode.INVALID_PAYLOAD, "close reason is not UTF-8"),
  TEXT_NOT_UTF8(13, CloseCode.INVALID_PAYLOAD, "text message is not UTF-8"),
  MESSAGE_TOO_BIG(14, CloseCode.MESSAGE_TOO_BIG, "message longer than max-message-size"),
  TOO_MANY_FRAMES(15, CloseCode.POLICY_VIOLATION, "more frames than max-frames-per-message"),
  TOO_MANY_READS(
      16, CloseCode.POLICY_VIOLATION, "message not complete after max-reads-per-message"),
  MESSAGE_TIMEOUT(17, CloseCode.POLICY_VIOLATION, "message not complete within message-timeout"),
  MESSAGE_TOO_SLOW(18, CloseCode.POLICY_VIOLATION, "message slower than message-min-rate"),
  PING_FLOOD(19, CloseCode.POLICY_VIOLATION, "more pings than ping-rate and ping-burst allow"),
  SLOW_CONSUMER(20, CloseCode.POLICY_VIOLATION, "send queue over its hard limit"),
  SEND_TIMEOUT(21, CloseCode.POLICY_VIOLATION, "a write did not complete within send-timeout"),
  PEER_DEAD(
      22, CloseCode.INTERNAL_ERROR, "nothing received within pong-timeout after a keep-alive ping"),
  OUT_OF_BUFFERS(23, CloseCode.TRY_AGAIN_LATER, "buffer-memory-limit of the shard reached"),
  HANDLER_FAILED(24, CloseCode.INTERNAL_ERROR, "the message handler threw an exception"),
  NO_MESSAGE_START(25, CloseCode.PROTOCOL_ERROR, "bytes in a stream that begin no message"),
  LENGTH_MISSING(26, CloseCode.PROTOCOL_ERROR, "message of a stream without Content-Length"),
  LENGTH_ILLEGAL(27, CloseCode.PROTOCOL_ERROR, "Content-Length that is no number, or out of range"),
  LENGTHS_DIFFER(28, CloseCode.PROTOCOL_ERROR, "message with two Content-Lengths that differ"),
  HEADERS_TOO_LONG(29, CloseCode.MESSAGE_TOO_BIG, "header section over its limit");

  private static final int LIMIT = checkedLimit();

  private final int id;
  private final int closeCode;
  private final String text;

  Violation(int id, int closeCode, String text) {
    this.id = id;
    this.closeCode = closeCode;
    this.text = text;
  }

  /** A number that stays this violation's, less than {@link #idLimit}. */
  public int id() {
    return id;
  }

  /** More than any violation's id. */
  public static int idLimit() {
    return LIMIT;
  }

  public int closeCode() {
    return closeCode;
  }

  /** The reason in words, for logs and events. */
  public String text() {
    return text;
  }

  private static int checkedLimit() {
    final BitSet taken = new BitSet();
    for (final Violation violation : values()) {
      if (taken.get(violation.id)) {
        throw new IllegalStateException("id " + violation.id + " of " + violation + " is taken");
      }
      taken.set(violation.id);
    }
    return taken.length();
  }
}
