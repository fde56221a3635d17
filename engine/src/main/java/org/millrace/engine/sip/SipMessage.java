package org.millrace.engine.sip;

import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * A SIP message as a view over its bytes (RFC 3261 section 7): what it is, where its header fields
 * are, and how long its body is. One pass in linear time; nothing is copied, changed or allocated.
 *
 * <p>To be used again for the next message, by one thread at a time. Everything it says is true
 * until the bytes change or the next {@link #parse}; offsets are those of the buffer. Requirements
 * B-1, B-2, B-4, B-5.
 */
public final class SipMessage {
  /** Most header fields of a message. */
  public static final int MAX_HEADERS = 256;

  /** Longest start line and header section, in bytes, with the blank line. */
  public static final int MAX_HEADER_BYTES = 65_536;

  private static final byte[] VERSION = Octets.ascii("sip/2.0");
  private static final byte[] PROTOCOL = Octets.ascii("sip/");
  private static final long MAX_CSEQ = Integer.MAX_VALUE;
  private static final int MOST_HOPS = 255;

  private final int[] ids = new int[MAX_HEADERS];
  private final int[] lineStarts = new int[MAX_HEADERS];
  private final int[] valueStarts = new int[MAX_HEADERS];
  private final int[] valueEnds = new int[MAX_HEADERS];
  private final int[] lineEnds = new int[MAX_HEADERS];
  private final int[] firsts = new int[HeaderName.LIMIT];
  private final int[] counts = new int[HeaderName.LIMIT];
  private final ViaValue topVia = new ViaValue();
  private final NameAddr from = new NameAddr();
  private final NameAddr to = new NameAddr();

  private DirectBuffer buffer;
  private SipDefect defect = SipDefect.NOT_SIP;
  private int start;
  private int headersStart;
  private int headerEnd;
  private int end;
  private int headerCount;
  private boolean request;
  private int method;
  private int methodLength;
  private int uriOffset;
  private int uriLength;
  private int status;
  private int bodyOffset;
  private int bodyLength;
  private int cseqNumberOffset;
  private int cseqNumberLength;
  private long cseq;
  private int maxForwards;

  /**
   * Reads a message, which may have CRLFs in front.
   *
   * @param newBuffer holds it; read until the next call.
   * @param length 0 or more bytes.
   * @return {@link SipDefect#NONE}, or the first thing that is wrong with it. Then what could still
   *     be found can be asked for, so that it can be answered: see {@link #isAnswerable}.
   */
  public SipDefect parse(DirectBuffer newBuffer, int offset, int length) {
    buffer = newBuffer;
    start = offset;
    end = offset + length;
    headerCount = 0;
    methodLength = 0;
    maxForwards = -1;
    Arrays.fill(firsts, -1);
    Arrays.fill(counts, 0);
    defect = SipDefect.NONE;
    while (start <= end - 2 && isLineEnd(start)) {
      start += 2;
    }
    if (startLine()) {
      headers();
      mandatory();
      body();
    } else {
      defect = SipDefect.NOT_SIP;
    }
    return defect;
  }

  private boolean isLineEnd(int at) {
    return buffer.getByte(at) == '\r' && buffer.getByte(at + 1) == '\n';
  }

  private void fail(SipDefect reason) {
    if (defect == SipDefect.NONE) {
      defect = reason;
    }
  }

  // ---- start line ----

  private boolean startLine() {
    final int limit = Math.min(end, start + MAX_HEADER_BYTES) - 1;
    int at = start;
    while (at < limit && !isLineEnd(at)) {
      at++;
    }
    if (at >= limit) {
      return false;
    }
    headersStart = at + 2;
    final int lineEnd = at;
    request = !startsWithProtocol(start, lineEnd);
    if (!request) {
      statusLine(lineEnd);
      return true;
    }
    return requestLine(lineEnd);
  }

  private boolean startsWithProtocol(int at, int limit) {
    return limit - at > PROTOCOL.length
        && Octets.equalIgnoringCase(buffer, at, PROTOCOL.length, PROTOCOL);
  }

  private boolean isVersion(int at, int length) {
    return Octets.equalIgnoringCase(buffer, at, length, VERSION);
  }

  private void statusLine(int lineEnd) {
    final int space = start + VERSION.length;
    final int behind = space + 4;
    status = 0;
    if (!isVersion(start, Math.min(VERSION.length, lineEnd - start))) {
      fail(SipDefect.BAD_VERSION);
    } else if (behind > lineEnd
        || buffer.getByte(space) != ' '
        || (behind < lineEnd && buffer.getByte(behind) != ' ')) {
      fail(SipDefect.BAD_START_LINE);
    } else {
      status = (int) Octets.decimal(buffer, space + 1, behind, 699);
      if (status < 100) {
        fail(SipDefect.BAD_START_LINE);
      }
    }
  }

  /** Method, one space, URI, one space, version; false if that is not what the line is about. */
  private boolean requestLine(int lineEnd) {
    final int versionEnd = Octets.trimEnd(buffer, start, lineEnd);
    int version = versionEnd;
    while (version > start && buffer.getByte(version - 1) != ' ') {
      version--;
    }
    if (!startsWithProtocol(version, versionEnd)) {
      return false;
    }
    int at = start;
    while (at < version && Octets.isToken(buffer.getByte(at))) {
      at++;
    }
    methodLength = at - start;
    method = SipMethod.of(buffer, start, methodLength);
    uriOffset = Math.min(at + 1, version);
    uriLength = Math.max(0, version - 1 - uriOffset);
    if (methodLength == 0
        || buffer.getByte(at) != ' '
        || versionEnd != lineEnd
        || !isUri(uriOffset, uriLength)) {
      fail(SipDefect.BAD_START_LINE);
    } else if (!isVersion(version, versionEnd - version)) {
      fail(SipDefect.BAD_VERSION);
    }
    return true;
  }

  private boolean isUri(int at, int length) {
    for (int i = at; i < at + length; i++) {
      final byte b = buffer.getByte(i);
      if ((b >= 0 && b <= ' ') || b == '<' || b == '>' || b == '"' || b == 0x7F) {
        return false;
      }
    }
    return length > 0;
  }

  // ---- header section ----

  private void headers() {
    final int limit = Math.min(end, start + MAX_HEADER_BYTES);
    int at = headersStart;
    while (at <= limit - 2 && !isLineEnd(at)) {
      final int lineEnd = lineEnd(at, limit);
      if (lineEnd < 0) {
        at = limit;
        break;
      }
      if (headerCount == MAX_HEADERS) {
        fail(SipDefect.TOO_MANY_HEADERS);
        headerEnd = at;
        bodyOffset = end;
        return;
      }
      header(at, lineEnd);
      at = lineEnd;
    }
    headerEnd = at;
    bodyOffset = Math.min(end, at + 2);
    if (at > limit - 2) {
      headerEnd = Math.min(at, end);
      fail(limit < end ? SipDefect.HEADERS_TOO_LONG : SipDefect.NO_BLANK_LINE);
    }
  }

  /** Behind the CRLF that ends the header field, folded lines and all; -1 if there is none. */
  private int lineEnd(int from, int limit) {
    for (int at = from; at < limit; at++) {
      final byte b = buffer.getByte(at);
      if (b > '\r') {
        continue;
      }
      if (b == '\r' && at + 1 < limit && buffer.getByte(at + 1) == '\n') {
        at++;
        if (at + 1 == limit || !isFold(buffer.getByte(at + 1))) {
          return at + 1;
        }
      } else if (b == '\r' || b == '\n') {
        fail(SipDefect.BAD_HEADER); // what others might take for the end of the line
      }
    }
    return -1;
  }

  private static boolean isFold(byte b) {
    return b == ' ' || b == '\t';
  }

  private void header(int lineStart, int lineEnd) {
    int at = lineStart;
    while (Octets.isToken(buffer.getByte(at))) {
      at++;
    }
    final int nameLength = at - lineStart;
    while (isFold(buffer.getByte(at))) {
      at++;
    }
    if (nameLength == 0 || buffer.getByte(at) != ':') {
      fail(SipDefect.BAD_HEADER);
      return;
    }
    final int id = HeaderName.of(buffer, lineStart, nameLength);
    final int index = headerCount++;
    ids[index] = id;
    lineStarts[index] = lineStart;
    valueStarts[index] = Octets.skipSpace(buffer, at + 1, lineEnd);
    valueEnds[index] = Octets.trimEnd(buffer, valueStarts[index], lineEnd);
    lineEnds[index] = lineEnd;
    if (firsts[id] < 0) {
      firsts[id] = index;
    }
    counts[id]++;
    if (counts[id] > 1 && HeaderName.isSingle(id)) {
      fail(SipDefect.DUPLICATE_HEADER);
    }
  }

  // ---- what every message must have ----

  private void mandatory() {
    if (present(HeaderName.VIA, SipDefect.MISSING_VIA)) {
      final int top = firsts[HeaderName.VIA];
      check(topVia.parse(buffer, valueStarts[top], valueEnds[top]), SipDefect.BAD_VIA);
    }
    if (present(HeaderName.FROM, SipDefect.MISSING_FROM)) {
      check(address(from, HeaderName.FROM), SipDefect.BAD_FROM);
    }
    if (present(HeaderName.TO, SipDefect.MISSING_TO)) {
      check(address(to, HeaderName.TO), SipDefect.BAD_TO);
    }
    if (present(HeaderName.CALL_ID, SipDefect.MISSING_CALL_ID)) {
      final int callId = firsts[HeaderName.CALL_ID];
      check(isWord(valueStarts[callId], valueEnds[callId]), SipDefect.BAD_CALL_ID);
    }
    if (present(HeaderName.CSEQ, SipDefect.MISSING_CSEQ)) {
      cseq(firsts[HeaderName.CSEQ]);
    }
    if (has(HeaderName.MAX_FORWARDS)) {
      final int hops = firsts[HeaderName.MAX_FORWARDS];
      maxForwards = (int) Octets.decimal(buffer, valueStarts[hops], valueEnds[hops], MOST_HOPS);
      check(maxForwards >= 0, SipDefect.BAD_MAX_FORWARDS);
    }
  }

  private boolean present(int id, SipDefect otherwise) {
    check(firsts[id] >= 0, otherwise);
    return firsts[id] >= 0;
  }

  private void check(boolean good, SipDefect otherwise) {
    if (!good) {
      fail(otherwise);
    }
  }

  private boolean address(NameAddr address, int id) {
    final int index = firsts[id];
    return address.parse(buffer, valueStarts[index], valueEnds[index]) && address.next() < 0;
  }

  private boolean isWord(int at, int limit) {
    for (int i = at; i < limit; i++) {
      if (Octets.isSpace(buffer.getByte(i))) {
        return false;
      }
    }
    return limit > at;
  }

  private void cseq(int index) {
    final int limit = valueEnds[index];
    int at = valueStarts[index];
    cseqNumberOffset = at;
    while (at < limit && Octets.isDigit(buffer.getByte(at))) {
      at++;
    }
    cseqNumberLength = at - cseqNumberOffset;
    cseq = Octets.decimal(buffer, cseqNumberOffset, at, MAX_CSEQ);
    final int name = Octets.skipSpace(buffer, at, limit);
    if (cseq < 0 || name == at || !Octets.isToken(buffer, name, limit)) {
      fail(SipDefect.BAD_CSEQ);
    } else if (!request) {
      method = SipMethod.of(buffer, name, limit - name);
    } else if (!isMethod(name, limit - name)) {
      fail(SipDefect.METHOD_MISMATCH);
    }
  }

  private boolean isMethod(int at, int length) {
    if (length != methodLength) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (buffer.getByte(at + i) != buffer.getByte(start + i)) {
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
    for (int i = firsts[HeaderName.CONTENT_LENGTH]; i >= 0; i = nextHeader(i)) {
      final long value = Octets.decimal(buffer, valueStarts[i], valueEnds[i], Integer.MAX_VALUE);
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
    return request
        && defect != SipDefect.NOT_SIP
        && method != SipMethod.ACK
        && has(HeaderName.VIA)
        && has(HeaderName.FROM)
        && has(HeaderName.TO)
        && has(HeaderName.CALL_ID)
        && has(HeaderName.CSEQ);
  }

  public boolean isRequest() {
    return request;
  }

  /** 100 to 699, of a response. */
  public int status() {
    return status;
  }

  DirectBuffer buffer() {
    return buffer;
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
    return methodLength;
  }

  public int uriOffset() {
    return uriOffset;
  }

  public int uriLength() {
    return uriLength;
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
    return headerEnd;
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
    return headerCount;
  }

  boolean has(int id) {
    return firsts[id] >= 0;
  }

  /** How many header fields (not values) of that name there are. */
  int count(int id) {
    return counts[id];
  }

  /** The index of the first header field of that name, or -1. */
  int header(int id) {
    return firsts[id];
  }

  /** The index of the next header field of the same name, or -1. */
  int nextHeader(int index) {
    for (int i = index + 1; i < headerCount; i++) {
      if (ids[i] == ids[index]) {
        return i;
      }
    }
    return -1;
  }

  /** The name of a header field, one of {@link HeaderName}. */
  int id(int index) {
    return ids[index];
  }

  int lineStart(int index) {
    return lineStarts[index];
  }

  /** Without space around. */
  int valueStart(int index) {
    return valueStarts[index];
  }

  int valueEnd(int index) {
    return valueEnds[index];
  }

  /** Behind the CRLF. */
  int lineEnd(int index) {
    return lineEnds[index];
  }
}
