package org.millrace.engine.sip;

import org.agrona.DirectBuffer;

/** One Via value (RFC 3261 section 20.42), as offsets into the message. */
final class ViaValue {
  private static final byte[] BRANCH = Octets.ascii("branch");
  private static final byte[] RPORT = Octets.ascii("rport");
  private static final byte[] RETURN_TOKEN = Octets.ascii("eret");

  private final ParamCursor params = new ParamCursor();
  private int start;
  private int end;
  private boolean followed;
  private int hostOffset;
  private int hostLength;
  private int portOffset;
  private int portLength;
  private int branchOffset;
  private int branchLength;
  private int tokenOffset;
  private int tokenLength;
  private int emptyRportEnd;

  /**
   * Reads the value that begins at {@code from}.
   *
   * @param limit the end of the header's value.
   * @return whether it is one.
   */
  boolean parse(DirectBuffer buffer, int from, int limit) {
    branchLength = -1;
    tokenLength = -1;
    emptyRportEnd = -1;
    hostLength = 0;
    portLength = 0;
    followed = false;
    start = Octets.skipSpace(buffer, from, limit);
    int at = token(buffer, start, limit);
    at = slash(buffer, at, limit);
    at = token(buffer, at, limit);
    at = slash(buffer, at, limit);
    at = token(buffer, at, limit);
    hostOffset = at < 0 ? limit : Octets.skipSpace(buffer, at, limit);
    if (at < 0 || hostOffset == at) {
      return false;
    }
    at = sentBy(buffer, limit);
    return at >= 0 && parameters(buffer, at, limit);
  }

  private static int token(DirectBuffer buffer, int from, int limit) {
    if (from < 0) {
      return -1;
    }
    int at = from;
    while (at < limit && Octets.isToken(buffer.getByte(at))) {
      at++;
    }
    return at == from ? -1 : at;
  }

  private static int slash(DirectBuffer buffer, int from, int limit) {
    if (from < 0) {
      return -1;
    }
    final int at = Octets.skipSpace(buffer, from, limit);
    return at < limit && buffer.getByte(at) == '/' ? Octets.skipSpace(buffer, at + 1, limit) : -1;
  }

  private int sentBy(DirectBuffer buffer, int limit) {
    int at = hostOffset;
    if (at < limit && buffer.getByte(at) == '[') {
      while (at < limit && buffer.getByte(at) != ']') {
        at++;
      }
      at = Math.min(limit, at + 1);
    } else {
      while (at < limit && Octets.isToken(buffer.getByte(at))) {
        at++;
      }
    }
    hostLength = at - hostOffset;
    portOffset = at;
    portLength = 0;
    final int colon = Octets.skipSpace(buffer, at, limit);
    if (colon < limit && buffer.getByte(colon) == ':') {
      portOffset = Octets.skipSpace(buffer, colon + 1, limit);
      at = portOffset;
      while (at < limit && Octets.isDigit(buffer.getByte(at))) {
        at++;
      }
      portLength = at - portOffset;
      if (portLength == 0) {
        return -1;
      }
    }
    return hostLength == 0 ? -1 : at;
  }

  private boolean parameters(DirectBuffer buffer, int from, int limit) {
    end = from;
    params.on(buffer, from, limit);
    while (params.next()) {
      end = params.position();
      if (params.is(BRANCH) && params.valueLength() > 0 && branchLength < 0) {
        branchOffset = params.valueOffset();
        branchLength = params.valueLength();
      } else if (params.is(RETURN_TOKEN) && params.valueLength() > 0 && tokenLength < 0) {
        tokenOffset = params.valueOffset();
        tokenLength = params.valueLength();
      } else if (params.is(RPORT) && params.valueLength() < 0) {
        emptyRportEnd = params.nameEnd();
      }
    }
    followed = params.position() < limit;
    return !params.isMalformed();
  }

  int start() {
    return start;
  }

  /** Behind the last byte of the value, before space and comma. */
  int end() {
    return end;
  }

  /** Where the next value of the same header begins, or -1. */
  int next() {
    return followed ? params.position() + 1 : -1;
  }

  int hostOffset() {
    return hostOffset;
  }

  int hostLength() {
    return hostLength;
  }

  int portOffset() {
    return portOffset;
  }

  int portLength() {
    return portLength;
  }

  int branchOffset() {
    return branchOffset;
  }

  /** -1 if there is none. */
  int branchLength() {
    return branchLength;
  }

  int tokenOffset() {
    return tokenOffset;
  }

  /** Of our return token (C-41); -1 if there is none. */
  int tokenLength() {
    return tokenLength;
  }

  /** Behind the name of an {@code rport} without value (RFC 3581 section 3), or -1. */
  int emptyRportEnd() {
    return emptyRportEnd;
  }
}
