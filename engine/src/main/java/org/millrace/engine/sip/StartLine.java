package org.millrace.engine.sip;

/**
 * The first line of a message, of a request or a response (RFC 3261 sections 7.1 and 7.2), as
 * offsets into the text. To be used again, by one thread at a time.
 */
final class StartLine {
  private static final byte[] VERSION = Octets.ascii("sip/2.0");
  private static final byte[] PROTOCOL = Octets.ascii("sip/");
  private static final int MOST_STATUS = 699;

  private byte[] text;
  private SipDefect defect = SipDefect.NONE;
  private int start;
  private int end;
  private boolean request;
  private int method;
  private int methodLength;
  private int uriOffset;
  private int uriLength;
  private int status;

  /**
   * Reads the line that begins at {@code from}.
   *
   * @param limit the last byte that may belong to it.
   * @return whether it is one of SIP, well-formed or not.
   */
  boolean read(byte[] newText, int from, int limit) {
    text = newText;
    start = from;
    defect = SipDefect.NONE;
    request = false;
    method = SipMethod.OTHER;
    methodLength = 0;
    uriLength = 0;
    status = 0;
    int at = Octets.nextControl(text, start, limit);
    while (at < limit && !(text[at] == '\r' && text[at + 1] == '\n')) {
      at = Octets.nextControl(text, at + 1, limit);
    }
    if (at >= limit) {
      return false;
    }
    end = at + 2;
    request = !startsWithProtocol(start, at);
    if (!request) {
      statusLine(at);
      return true;
    }
    return requestLine(at);
  }

  private boolean startsWithProtocol(int at, int limit) {
    return limit - at > PROTOCOL.length
        && Octets.equalIgnoringCase(text, at, PROTOCOL.length, PROTOCOL);
  }

  private boolean isVersion(int at, int length) {
    return Octets.equalIgnoringCase(text, at, length, VERSION);
  }

  private void statusLine(int lineEnd) {
    final int space = start + VERSION.length;
    final int behind = space + 4;
    if (!isVersion(start, Math.min(VERSION.length, lineEnd - start))) {
      defect = SipDefect.BAD_VERSION;
    } else if (behind > lineEnd
        || text[space] != ' '
        || (behind < lineEnd && text[behind] != ' ')) {
      defect = SipDefect.BAD_START_LINE;
    } else {
      status = (int) Octets.decimal(text, space + 1, behind, MOST_STATUS);
      if (status < 100) {
        defect = SipDefect.BAD_START_LINE;
      }
    }
  }

  /** Method, one space, URI, one space, version; false if that is not what the line is about. */
  private boolean requestLine(int lineEnd) {
    final int versionEnd = Octets.trimEnd(text, start, lineEnd);
    int version = versionEnd;
    while (version > start && text[version - 1] != ' ') {
      version--;
    }
    if (!startsWithProtocol(version, versionEnd)) {
      return false;
    }
    int at = start;
    while (at < version && Octets.isToken(text[at])) {
      at++;
    }
    methodLength = at - start;
    method = SipMethod.of(text, start, methodLength);
    uriOffset = Math.min(at + 1, version);
    uriLength = Math.max(0, version - 1 - uriOffset);
    if (methodLength == 0
        || text[at] != ' '
        || versionEnd != lineEnd
        || !isUri(uriOffset, uriLength)) {
      defect = SipDefect.BAD_START_LINE;
    } else if (!isVersion(version, versionEnd - version)) {
      defect = SipDefect.BAD_VERSION;
    }
    return true;
  }

  private boolean isUri(int at, int length) {
    for (int i = at; i < at + length; i++) {
      if (!Octets.isUriText(text[i])) {
        return false;
      }
    }
    return length > 0;
  }

  // ---- what has been found ----

  /** What is wrong with it. */
  SipDefect defect() {
    return defect;
  }

  /** Behind its CRLF. */
  int end() {
    return end;
  }

  boolean isRequest() {
    return request;
  }

  /** One of {@link SipMethod}. */
  int method() {
    return method;
  }

  int methodLength() {
    return methodLength;
  }

  int uriOffset() {
    return uriOffset;
  }

  int uriLength() {
    return uriLength;
  }

  int status() {
    return status;
  }
}
