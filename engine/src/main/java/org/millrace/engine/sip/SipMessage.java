package org.millrace.engine.sip;

import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A SIP message as a view over its bytes (RFC 3261 section 7): what it is, where its header fields
 * are, and how long its body is. One pass in linear time; nothing is changed or allocated.
 *
 * <p>It copies the message first: a plain array is read several times faster than the ring that
 * messages come in. Offsets are those of the copy, {@link #text}.
 *
 * <p>To be used again for the next message, by one thread at a time. Everything it says is true
 * until the next {@link #parse}. Requirements B-1, B-2, B-4, B-5.
 */
public final class SipMessage {
  /** Most header fields of a message that can be allowed. */
  public static final int MAX_HEADERS = 256;

  /** Longest start line and header section that can be allowed, in bytes, with the blank line. */
  public static final int MAX_HEADER_BYTES = 65_536;

  private static final long MAX_CSEQ = Integer.MAX_VALUE;
  private static final int MOST_HOPS = 255;

  private static final int FIRST_CAPACITY = 4096;

  private final int maxHeaderBytes;
  private final StartLine startLine = new StartLine();
  private final HeaderLines lines;
  private final ViaValue topVia = new ViaValue();
  private final NameAddr from = new NameAddr();
  private final NameAddr to = new NameAddr();

  private byte[] text = new byte[FIRST_CAPACITY];
  private final UnsafeBuffer view = new UnsafeBuffer(text);
  private SipDefect defect = SipDefect.NOT_SIP;
  private int start;
  private int end;
  private int method;
  private int bodyOffset;
  private int bodyLength;
  private int cseqNumberOffset;
  private int cseqNumberLength;
  private long cseq;
  private int maxForwards;

  /** With the highest limits. */
  public SipMessage() {
    this(MAX_HEADERS, MAX_HEADER_BYTES);
  }

  /**
   * With limits of its own (B-4).
   *
   * @param maxHeaders most header fields, 1 to {@link #MAX_HEADERS}.
   * @param maxHeaderBytes longest start line and header section, 1 to {@link #MAX_HEADER_BYTES}.
   */
  SipMessage(int maxHeaders, int maxHeaderBytes) {
    this.maxHeaderBytes = maxHeaderBytes;
    lines = new HeaderLines(maxHeaders);
  }

  /**
   * Reads a message, which may have CRLFs in front.
   *
   * @param buffer holds it; not needed any more when this returns.
   * @param length 0 or more bytes.
   * @return {@link SipDefect#NONE}, or the first thing that is wrong with it. Then what could still
   *     be found can be asked for, so that it can be answered: see {@link #isAnswerable}.
   */
  public SipDefect parse(DirectBuffer buffer, int offset, int length) {
    room(length);
    buffer.getBytes(offset, text, 0, length);
    return parse(length);
  }

  SipDefect parse(byte[] bytes, int length) {
    room(length);
    System.arraycopy(bytes, 0, text, 0, length);
    return parse(length);
  }

  /** With some to spare, so that eight bytes can be read from anywhere. */
  private void room(int length) {
    if (length + Long.BYTES > text.length) {
      text = new byte[BitUtil.findNextPositivePowerOfTwo(length + Long.BYTES)];
      view.wrap(text);
    }
  }

  private SipDefect parse(int length) {
    start = 0;
    end = length;
    maxForwards = -1;
    lines.clear();
    defect = SipDefect.NONE;
    while (start <= end - 2 && isLineEnd(start)) {
      start += 2;
    }
    if (startLine.read(text, start, Math.min(end, start + maxHeaderBytes) - 1)) {
      fail(startLine.defect());
      method = startLine.method();
      headers();
      mandatory();
      body();
    } else {
      defect = SipDefect.NOT_SIP;
    }
    return defect;
  }

  private boolean isLineEnd(int at) {
    return text[at] == '\r' && text[at + 1] == '\n';
  }

  private void fail(SipDefect reason) {
    if (defect == SipDefect.NONE) {
      defect = reason;
    }
  }

  // ---- header section ----

  private void headers() {
    final int limit = Math.min(end, start + maxHeaderBytes);
    final boolean ended = lines.read(text, startLine.end(), limit);
    fail(lines.defect());
    bodyOffset = Math.min(end, lines.end() + 2);
    if (lines.isFull()) {
      fail(SipDefect.TOO_MANY_HEADERS);
      bodyOffset = end;
    } else if (!ended) {
      fail(limit < end ? SipDefect.HEADERS_TOO_LONG : SipDefect.NO_BLANK_LINE);
    }
  }

  // ---- what every message must have ----

  private void mandatory() {
    if (present(HeaderName.VIA, SipDefect.MISSING_VIA)) {
      final int top = lines.first(HeaderName.VIA);
      check(topVia.parse(text, lines.valueStart(top), lines.valueEnd(top)), SipDefect.BAD_VIA);
    }
    if (present(HeaderName.FROM, SipDefect.MISSING_FROM)) {
      check(address(from, HeaderName.FROM), SipDefect.BAD_FROM);
    }
    if (present(HeaderName.TO, SipDefect.MISSING_TO)) {
      check(address(to, HeaderName.TO), SipDefect.BAD_TO);
    }
    if (present(HeaderName.CALL_ID, SipDefect.MISSING_CALL_ID)) {
      final int callId = lines.first(HeaderName.CALL_ID);
      check(isWord(lines.valueStart(callId), lines.valueEnd(callId)), SipDefect.BAD_CALL_ID);
    }
    if (present(HeaderName.CSEQ, SipDefect.MISSING_CSEQ)) {
      cseq(lines.first(HeaderName.CSEQ));
    }
    if (has(HeaderName.MAX_FORWARDS)) {
      final int hops = lines.first(HeaderName.MAX_FORWARDS);
      maxForwards =
          (int) Octets.decimal(text, lines.valueStart(hops), lines.valueEnd(hops), MOST_HOPS);
      check(maxForwards >= 0, SipDefect.BAD_MAX_FORWARDS);
    }
  }

  private boolean present(int id, SipDefect otherwise) {
    check(lines.first(id) >= 0, otherwise);
    return lines.first(id) >= 0;
  }

  private void check(boolean good, SipDefect otherwise) {
    if (!good) {
      fail(otherwise);
    }
  }

  private boolean address(NameAddr address, int id) {
    final int index = lines.first(id);
    return address.parse(text, lines.valueStart(index), lines.valueEnd(index))
        && address.next() < 0;
  }

  private boolean isWord(int at, int limit) {
    for (int i = at; i < limit; i++) {
      if (Octets.isSpace(text[i])) {
        return false;
      }
    }
    return limit > at;
  }

  private void cseq(int index) {
    final int limit = lines.valueEnd(index);
    int at = lines.valueStart(index);
    cseqNumberOffset = at;
    while (at < limit && Octets.isDigit(text[at])) {
      at++;
    }
    cseqNumberLength = at - cseqNumberOffset;
    cseq = Octets.decimal(text, cseqNumberOffset, at, MAX_CSEQ);
    final int name = Octets.skipSpace(text, at, limit);
    if (cseq < 0 || name == at || !Octets.isToken(text, name, limit)) {
      fail(SipDefect.BAD_CSEQ);
    } else if (!startLine.isRequest()) {
      method = SipMethod.of(text, name, limit - name);
    } else if (!isMethod(name, limit - name)) {
      fail(SipDefect.METHOD_MISMATCH);
    }
  }

  private boolean isMethod(int at, int length) {
    if (length != startLine.methodLength()) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (text[at + i] != text[start + i]) {
        return false;
      }
    }
    return true;
  }

  // ---- body ----

  private void body() {
    final int available = end - bodyOffset;
    bodyLength = available;
    if (!has(HeaderName.CONTENT_LENGTH)) {
      return;
    }
    long length = -1;
    for (int i = lines.first(HeaderName.CONTENT_LENGTH); i >= 0; i = nextHeader(i)) {
      final long value =
          Octets.decimal(text, lines.valueStart(i), lines.valueEnd(i), Integer.MAX_VALUE);
      if (value < 0 || (length >= 0 && value != length)) {
        fail(SipDefect.BAD_CONTENT_LENGTH);
        return;
      }
      length = value;
    }
    if (length > available) {
      fail(SipDefect.SHORT_BODY);
    } else {
      bodyLength = (int) length;
    }
  }

  // ---- what has been found ----

  /** The outcome of the last {@link #parse}. */
  public SipDefect defect() {
    return defect;
  }

  /** Whether it is a request that can be answered, if only to say what is wrong with it. */
  public boolean isAnswerable() {
    return startLine.isRequest()
        && defect != SipDefect.NOT_SIP
        && method != SipMethod.ACK
        && has(HeaderName.VIA)
        && has(HeaderName.FROM)
        && has(HeaderName.TO)
        && has(HeaderName.CALL_ID)
        && has(HeaderName.CSEQ);
  }

  public boolean isRequest() {
    return startLine.isRequest();
  }

  /** 100 to 699, of a response. */
  public int status() {
    return startLine.status();
  }

  /** The copy that all offsets are those of; not to be written to. */
  byte[] text() {
    return text;
  }

  /** The same for those who want a buffer. */
  DirectBuffer view() {
    return view;
  }

  /** Where the start line begins, behind CRLFs in front of it. */
  public int offset() {
    return start;
  }

  /** Behind the body: bytes that follow are not part of the message (B-2). */
  public int end() {
    return bodyOffset + bodyLength;
  }

  /** Bytes behind the body. */
  public int surplus() {
    return end - end();
  }

  /** One of {@link SipMethod}: the request's, or that of a response's CSeq. */
  int method() {
    return method;
  }

  int methodLength() {
    return startLine.methodLength();
  }

  public int uriOffset() {
    return startLine.uriOffset();
  }

  public int uriLength() {
    return startLine.uriLength();
  }

  public int bodyOffset() {
    return bodyOffset;
  }

  public int bodyLength() {
    return bodyLength;
  }

  /** 0 to 2^31 - 1. */
  public long cseq() {
    return cseq;
  }

  int cseqNumberOffset() {
    return cseqNumberOffset;
  }

  int cseqNumberLength() {
    return cseqNumberLength;
  }

  /** 0 to 255, or -1 if there is none. */
  public int maxForwards() {
    return maxForwards;
  }

  /** The line of the blank line, where a further header field would go. */
  int headerEnd() {
    return lines.end();
  }

  ViaValue topVia() {
    return topVia;
  }

  NameAddr from() {
    return from;
  }

  NameAddr to() {
    return to;
  }

  public int headerCount() {
    return lines.count();
  }

  boolean has(int id) {
    return lines.has(id);
  }

  /** How many header fields (not values) of that name there are. */
  int count(int id) {
    return lines.count(id);
  }

  /** The index of the first header field of that name, or -1. */
  int header(int id) {
    return lines.first(id);
  }

  /** The index of the next header field of the same name, or -1. */
  int nextHeader(int index) {
    return lines.next(index);
  }

  /** The name of a header field, one of {@link HeaderName}. */
  int id(int index) {
    return lines.id(index);
  }

  int lineStart(int index) {
    return lines.lineStart(index);
  }

  /** Without space around. */
  int valueStart(int index) {
    return lines.valueStart(index);
  }

  int valueEnd(int index) {
    return lines.valueEnd(index);
  }

  /** Behind the CRLF. */
  int lineEnd(int index) {
    return lines.lineEnd(index);
  }
}
