package org.millrace.engine.sip;

import java.nio.ByteBuffer;
import org.millrace.engine.connection.StreamFraming;
import org.millrace.engine.frame.Violation;

/**
 * SIP over a stream: a message ends where its Content-Length says (RFC 3261 section 18.3), between
 * messages there may be CRLFs, of which some are keep-alives (RFC 5626 section 3.5.1). Requirement
 * C-66.
 *
 * <p>Reads header sections byte by byte, in linear time however they are cut into reads; of bodies
 * nothing. What is wrong with a Content-Length is told at the end of the header section, so that
 * the request can still be answered. It finds the same lines and the same Content-Length as {@link
 * SipMessage}.
 *
 * <p>Only clients ping, and the pong of one is half a ping to look at. Hence a CRLF is a pong as
 * long as one is awaited; two others in a row are a ping.
 */
public final class SipFraming implements StreamFraming {
  private static final byte[] DOUBLE_CRLF = Octets.ascii("\r\n\r\n");
  private static final byte[] CRLF = Octets.ascii("\r\n");
  private static final byte[] CONTENT_LENGTH = Octets.ascii("content-length");

  private static final long EVERY_CR = 0x0D0D_0D0D_0D0D_0D0DL;
  private static final long EVERY_LOW_BIT = 0x0101_0101_0101_0101L;
  private static final long EVERY_HIGH_BIT = 0x8080_8080_8080_8080L;

  // Where in the stream. Up to BETWEEN_CR no message has begun.
  private static final int BETWEEN = 0;
  private static final int BETWEEN_CR = 1;
  private static final int LINE = 2;
  private static final int LINE_CR = 3;
  private static final int LINE_START = 4;
  private static final int BLANK_CR = 5;
  private static final int NAME = 6;
  private static final int NAME_END = 7;
  private static final int VALUE = 8;
  private static final int VALUE_CR = 9;
  private static final int VALUE_FOLD = 10;
  private static final int BODY = 11;

  private final int maxMessageSize;
  private final boolean acceptNoContentLength;
  private int state = BETWEEN;
  private int position;
  private boolean awaitsPong;
  private boolean halfPing;
  private Violation violation;

  // The message under way.
  private int headerRoom; // bytes that its header section may still have
  private int contentLength; // -1 as long as there is none
  private int bodyRest;
  private int nameMatched;
  private long value;
  private boolean valueBegun;
  private boolean valueEnded;
  private boolean valueIllegal;

  /** As the other one, with Content-Length mandatory (RFC 3261 section 20.14). */
  public SipFraming(int maxMessageSize) {
    this(maxMessageSize, false);
  }

  /**
   * @param maxMessageSize of a message with its header section, in bytes.
   * @param acceptNoContentLength whether a message without Content-Length has no body, instead of
   *     being malformed (Kamailio {@code tcp_accept_no_cl}).
   */
  public SipFraming(int maxMessageSize, boolean acceptNoContentLength) {
    this.maxMessageSize = maxMessageSize;
    this.acceptNoContentLength = acceptNoContentLength;
  }

  @Override
  public int next(ByteBuffer bytes, int offset, int limit) {
    if (state == BODY) {
      return body(offset, limit);
    }
    return state > BETWEEN_CR ? headers(bytes, offset, limit) : between(bytes, offset, limit);
  }

  // ---- between messages ----

  private int between(ByteBuffer bytes, int offset, int limit) {
    int at = offset;
    if (state == BETWEEN) {
      if (Octets.isToken(bytes.get(at))) {
        begin();
        return headers(bytes, offset, limit);
      }
      if (bytes.get(at++) != '\r') {
        return fail(Violation.NO_MESSAGE_START, at);
      }
      state = BETWEEN_CR;
      if (at == limit) {
        return NEED_MORE;
      }
    }
    if (bytes.get(at++) != '\n') {
      return fail(Violation.NO_MESSAGE_START, at);
    }
    state = BETWEEN;
    position = at;
    return emptyLine();
  }

  private int emptyLine() {
    if (awaitsPong) {
      awaitsPong = false;
      halfPing = false;
      return PONG;
    }
    halfPing = !halfPing;
    return halfPing ? NOISE : PING;
  }

  private void begin() {
    state = LINE;
    halfPing = false;
    headerRoom = maxHeaderLength();
    contentLength = -1;
  }

  private int maxHeaderLength() {
    return Math.min(SipMessage.MAX_HEADER_BYTES, maxMessageSize);
  }

  // ---- header section ----

  private int headers(ByteBuffer bytes, int offset, int limit) {
    final int end = Math.min(limit, offset + headerRoom);
    int at = offset;
    while (at < end) {
      if (state == LINE) {
        at = skipToCr(bytes, at, end);
        if (at == end) {
          break;
        }
      }
      final byte b = bytes.get(at++);
      if (state == BLANK_CR && b == '\n') {
        headerRoom -= at - offset;
        return endOfHeaders(at, limit);
      }
      state = after(b);
    }
    headerRoom -= at - offset;
    if (headerRoom > 0) {
      return NEED_MORE;
    }
    violation = Violation.HEADERS_TOO_LONG; // whatever else is wrong, who sent it cannot be told
    return fail(violation, at);
  }

  private static int skipToCr(ByteBuffer bytes, int from, int to) {
    int at = from;
    while (at <= to - Long.BYTES && !hasCr(bytes.getLong(at))) {
      at += Long.BYTES;
    }
    while (at < to && bytes.get(at) != '\r') {
      at++;
    }
    return at;
  }

  private static boolean hasCr(long eight) {
    final long zeroWhereCr = eight ^ EVERY_CR;
    return ((zeroWhereCr - EVERY_LOW_BIT) & ~zeroWhereCr & EVERY_HIGH_BIT) != 0;
  }

  /** The state behind the byte. */
  private int after(byte b) {
    return switch (state) {
      case LINE_CR -> b == '\n' ? LINE_START : inLine(b);
      case LINE_START -> lineStart(b);
      case NAME -> name(b);
      case NAME_END -> isBlank(b) ? NAME_END : b == ':' ? beginValue() : inLine(b);
      case VALUE -> value(b);
      case VALUE_CR -> b == '\n' ? VALUE_FOLD : illegalValue(b);
      case VALUE_FOLD -> isBlank(b) ? value(b) : endValue(b);
      default -> inLine(b); // LINE, and a CR that began no blank line
    };
  }

  private static int inLine(byte b) {
    return b == '\r' ? LINE_CR : LINE;
  }

  private int lineStart(byte b) {
    return switch (b) {
      case '\r' -> BLANK_CR;
      case 'l', 'L' -> NAME_END;
      case 'c', 'C' -> {
        nameMatched = 1;
        yield NAME;
      }
      default -> LINE;
    };
  }

  private int name(byte b) {
    if (Octets.lower(b) != CONTENT_LENGTH[nameMatched]) {
      return inLine(b);
    }
    nameMatched++;
    return nameMatched == CONTENT_LENGTH.length ? NAME_END : NAME;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }

  // ---- value of a Content-Length ----

  private int beginValue() {
    value = 0;
    valueBegun = false;
    valueEnded = false;
    valueIllegal = false;
    return VALUE;
  }

  private int value(byte b) {
    if (b == '\r') {
      return VALUE_CR;
    }
    if (isBlank(b)) {
      valueEnded = valueBegun;
    } else if (Octets.isDigit(b) && !valueEnded) {
      valueBegun = true;
      value = Math.min(value * 10 + (b - '0'), Integer.MAX_VALUE + 1L);
    } else {
      valueIllegal = true;
    }
    return VALUE;
  }

  private int illegalValue(byte b) {
    valueIllegal = true;
    return b == '\r' ? VALUE_CR : VALUE;
  }

  /** A line has ended, and {@code b} does not continue it but begins another one. */
  private int endValue(byte b) {
    if (valueIllegal || !valueBegun || value > Integer.MAX_VALUE) {
      because(Violation.LENGTH_ILLEGAL);
    } else if (contentLength >= 0 && contentLength != value) {
      because(Violation.LENGTHS_DIFFER);
    } else {
      contentLength = (int) value;
    }
    return lineStart(b);
  }

  private void because(Violation broken) {
    if (violation == null) {
      violation = broken;
    }
  }

  // ---- body ----

  private int endOfHeaders(int at, int limit) {
    if (contentLength < 0) {
      contentLength = 0;
      if (!acceptNoContentLength) {
        because(Violation.LENGTH_MISSING);
      }
    }
    if (contentLength > maxMessageSize - (maxHeaderLength() - headerRoom)) {
      because(Violation.MESSAGE_TOO_BIG);
    }
    if (violation != null) {
      return fail(violation, at);
    }
    state = BODY;
    bodyRest = contentLength;
    return body(at, limit);
  }

  private int body(int offset, int limit) {
    if (limit - offset < bodyRest) {
      bodyRest -= limit - offset;
      return NEED_MORE;
    }
    state = BETWEEN;
    position = offset + bodyRest;
    return MESSAGE;
  }

  private int fail(Violation broken, int at) {
    because(broken);
    position = at;
    return FAILED;
  }

  // ---- what has been found ----

  @Override
  public int position() {
    return position;
  }

  @Override
  public boolean isBetweenMessages() {
    return state <= BETWEEN_CR;
  }

  @Override
  public Violation violation() {
    return violation;
  }

  @Override
  public byte[] ping() {
    return DOUBLE_CRLF;
  }

  @Override
  public byte[] pong() {
    return CRLF;
  }

  @Override
  public void onPingSent() {
    awaitsPong = true;
  }
}
