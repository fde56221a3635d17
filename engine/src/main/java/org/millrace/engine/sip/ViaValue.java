package org.millrace.engine.sip;

/** One Via value (RFC 3261 section 20.42), as offsets into the message. */
final class ViaValue {
  private static final byte[] BRANCH = Octets.ascii("branch");
  private static final byte[] RPORT = Octets.ascii("rport");
  private static final byte[] RECEIVED = Octets.ascii("received");
  private static final byte[] RETURN_TOKEN = Octets.ascii("eret");
  private static final byte[] FLOW_TOKEN = Octets.ascii("eflow");
  private static final byte[] LOOP_MARK = Octets.ascii("eloop");

  private final ParamCursor params = new ParamCursor();
  private int start;
  private int end;
  private boolean followed;
  private boolean wellFormed;
  private int hostOffset;
  private int hostLength;
  private int portOffset;
  private int portLength;
  private int branchOffset;
  private int branchLength;
  private int tokenOffset;
  private int tokenLength;
  private int flowTokenOffset;
  private int flowTokenLength;
  private int loopMarkOffset;
  private int loopMarkLength;
  private int receivedOffset;
  private int receivedLength;
  private int emptyRportEnd;
  private boolean hasRport;

  /**
   * Reads the value that begins at {@code from}.
   *
   * @param limit the end of the header's value.
   * @return whether it is one.
   */
  boolean parse(byte[] buffer, int from, int limit) {
    wellFormed = read(buffer, from, limit);
    return wellFormed;
  }

  private boolean read(byte[] buffer, int from, int limit) {
    branchLength = -1;
    tokenLength = -1;
    flowTokenLength = -1;
    loopMarkLength = -1;
    receivedLength = -1;
    emptyRportEnd = -1;
    hasRport = false;
    hostLength = 0;
    portLength = 0;
    followed = false;
    start = Octets.skipSpace(buffer, from, limit);
    end = start;
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

  private static int token(byte[] buffer, int from, int limit) {
    if (from < 0) {
      return -1;
    }
    int at = from;
    while (at < limit && Octets.isToken(buffer[at])) {
      at++;
    }
    return at == from ? -1 : at;
  }

  private static int slash(byte[] buffer, int from, int limit) {
    if (from < 0) {
      return -1;
    }
    final int at = Octets.skipSpace(buffer, from, limit);
    return at < limit && buffer[at] == '/' ? Octets.skipSpace(buffer, at + 1, limit) : -1;
  }

  private int sentBy(byte[] buffer, int limit) {
    int at = hostOffset;
    if (at < limit && buffer[at] == '[') {
      while (at < limit && buffer[at] != ']') {
        at++;
      }
      at = Math.min(limit, at + 1);
    } else {
      while (at < limit && Octets.isToken(buffer[at])) {
        at++;
      }
    }
    hostLength = at - hostOffset;
    portOffset = at;
    portLength = 0;
    final int colon = Octets.skipSpace(buffer, at, limit);
    if (colon < limit && buffer[colon] == ':') {
      portOffset = Octets.skipSpace(buffer, colon + 1, limit);
      at = portOffset;
      while (at < limit && Octets.isDigit(buffer[at])) {
        at++;
      }
      portLength = at - portOffset;
      if (portLength == 0) {
        return -1;
      }
    }
    return hostLength == 0 ? -1 : at;
  }

  private boolean parameters(byte[] buffer, int from, int limit) {
    end = from;
    params.on(buffer, from, limit);
    while (params.next()) {
      end = params.position();
      if (params.valueLength() > 0) {
        valued();
      } else if (params.is(RPORT)) {
        hasRport = true;
        emptyRportEnd = params.valueLength() < 0 ? params.nameEnd() : -1;
      }
    }
    followed = params.position() < limit;
    return !params.isMalformed();
  }

  /** The first of a name counts. */
  private void valued() {
    if (params.is(BRANCH) && branchLength < 0) {
      branchOffset = params.valueOffset();
      branchLength = params.valueLength();
    } else if (params.is(RPORT)) {
      hasRport = true;
    } else if (params.is(RECEIVED) && receivedLength < 0) {
      receivedOffset = params.valueOffset();
      receivedLength = params.valueLength();
    } else if (params.is(RETURN_TOKEN) && tokenLength < 0) {
      tokenOffset = params.valueOffset();
      tokenLength = params.valueLength();
    } else if (params.is(FLOW_TOKEN) && flowTokenLength < 0) {
      flowTokenOffset = params.valueOffset();
      flowTokenLength = params.valueLength();
    } else if (params.is(LOOP_MARK) && loopMarkLength < 0) {
      loopMarkOffset = params.valueOffset();
      loopMarkLength = params.valueLength();
    }
  }

  /** What {@link #parse} said; if it was no Via value, nothing that is told of it is to be used. */
  boolean isWellFormed() {
    return wellFormed;
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

  /** Whether there is an {@code rport}, with value or without. */
  boolean hasRport() {
    return hasRport;
  }

  int flowTokenOffset() {
    return flowTokenOffset;
  }

  /** Of our flow token (C-40); -1 if there is none. */
  int flowTokenLength() {
    return flowTokenLength;
  }

  int loopMarkOffset() {
    return loopMarkOffset;
  }

  /** Of our loop mark (C-14); -1 if there is none. */
  int loopMarkLength() {
    return loopMarkLength;
  }

  int receivedOffset() {
    return receivedOffset;
  }

  /** Of the value of {@code received}; -1 if there is none. */
  int receivedLength() {
    return receivedLength;
  }

  /** The port of sent-by, 0 if none is given, -1 if it is no port. */
  int port(byte[] buffer) {
    return portLength == 0
        ? 0
        : (int) Octets.decimal(buffer, portOffset, portOffset + portLength, 65_535);
  }

  boolean isHost(byte[] buffer, byte[] lower) {
    return Octets.equalIgnoringCase(buffer, hostOffset, hostLength, lower);
  }
}
