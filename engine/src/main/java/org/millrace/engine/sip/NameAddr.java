package org.millrace.engine.sip;

/**
 * One name-addr or addr-spec with its parameters (RFC 3261 section 20.10), as offsets into the
 * message.
 */
final class NameAddr {
  private static final byte[] TAG = Octets.ascii("tag");

  private final ParamCursor params = new ParamCursor();
  private byte[] buffer;
  private int start;
  private int end;
  private int limit;
  private int uriOffset;
  private int uriLength;
  private int paramsOffset;
  private boolean bracketed;
  private boolean followed;
  private int next;
  private int tagOffset;
  private int tagLength;

  /**
   * Reads the value that begins at {@code from}.
   *
   * @param newLimit the end of the header's value.
   * @return whether it is one.
   */
  boolean parse(byte[] newBuffer, int from, int newLimit) {
    buffer = newBuffer;
    limit = newLimit;
    tagLength = -1;
    start = Octets.skipSpace(buffer, from, limit);
    final int opening = opening();
    if (opening < 0) {
      return false;
    }
    bracketed = opening < limit && buffer[opening] == '<';
    int at = bracketed ? opening + 1 : start;
    uriOffset = at;
    while (at < limit && !endsUri(buffer[at])) {
      at++;
    }
    uriLength = at - uriOffset;
    if (bracketed) {
      if (at == limit || buffer[at] != '>') {
        return false;
      }
      at++;
    }
    paramsOffset = at;
    return uriLength > 0 && parameters();
  }

  /** The opening bracket, or where none can come any more; -1 for a broken display name. */
  private int opening() {
    int at = start;
    if (at < limit && buffer[at] == '"') {
      at = Octets.skipQuoted(buffer, at, limit);
      if (at < 0) {
        return -1;
      }
      at = Octets.skipSpace(buffer, at, limit);
      return at < limit && buffer[at] == '<' ? at : -1;
    }
    while (at < limit) {
      final byte b = buffer[at];
      if (b == '<') {
        return at;
      }
      if (b != ' ' && b != '\t' && b != '\r' && b != '\n' && !Octets.isToken(b)) {
        break; // a colon: this is the URI itself
      }
      at++;
    }
    return limit;
  }

  private boolean endsUri(byte b) {
    return !Octets.isAddressText(b) || (!bracketed && (b == ';' || b == ','));
  }

  private boolean parameters() {
    end = paramsOffset;
    params.on(buffer, paramsOffset, limit);
    while (params.next()) {
      end = params.position();
      if (tagLength < 0 && params.is(TAG) && params.valueLength() > 0) {
        tagOffset = params.valueOffset();
        tagLength = params.valueLength();
      }
    }
    followed = params.position() < limit;
    next = params.position() + 1;
    return !params.isMalformed();
  }

  int start() {
    return start;
  }

  /** Behind the last parameter. */
  int end() {
    return end;
  }

  int uriOffset() {
    return uriOffset;
  }

  int uriLength() {
    return uriLength;
  }

  boolean isBracketed() {
    return bracketed;
  }

  /** Behind the address; parameters begin here, with a semicolon or space. */
  int paramsOffset() {
    return paramsOffset;
  }

  /** Where the next value of the same header begins, or -1. */
  int next() {
    return followed ? next : -1;
  }

  int tagOffset() {
    return tagOffset;
  }

  /** -1 if there is none. */
  int tagLength() {
    return tagLength;
  }

  boolean hasTag() {
    return tagLength > 0;
  }

  /** A walk over the parameters; one at a time. */
  ParamCursor params() {
    return params.on(buffer, paramsOffset, end);
  }
}
