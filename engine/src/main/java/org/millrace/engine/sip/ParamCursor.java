package org.millrace.engine.sip;

/**
 * Walks over {@code ;name=value} parameters of a header value, with space wherever RFC 3261 section
 * 7.3.1 lets it be, up to a comma or the end.
 */
final class ParamCursor {
  private byte[] buffer;
  private int at;
  private int limit;
  private boolean malformed;
  private int start;
  private int nameOffset;
  private int nameLength;
  private int valueOffset;
  private int valueLength;

  /**
   * @param from before a semicolon, a comma or {@code limit}.
   */
  ParamCursor on(byte[] newBuffer, int from, int newLimit) {
    buffer = newBuffer;
    at = from;
    limit = newLimit;
    malformed = false;
    return this;
  }

  /** Moves on; false at the end or where the text is no parameter, see {@link #isMalformed}. */
  boolean next() {
    at = Octets.skipSpace(buffer, at, limit);
    if (at == limit || buffer[at] == ',') {
      return false;
    }
    if (buffer[at] != ';') {
      malformed = true;
      return false;
    }
    start = at;
    nameOffset = Octets.skipSpace(buffer, at + 1, limit);
    at = nameOffset;
    while (at < limit && Octets.isToken(buffer[at])) {
      at++;
    }
    nameLength = at - nameOffset;
    valueOffset = at;
    valueLength = -1;
    final int equals = Octets.skipSpace(buffer, at, limit);
    if (equals < limit && buffer[equals] == '=') {
      value(Octets.skipSpace(buffer, equals + 1, limit));
    }
    malformed |= nameLength == 0;
    return !malformed;
  }

  private void value(int from) {
    valueOffset = from;
    at = from;
    if (from < limit && buffer[from] == '"') {
      at = Octets.skipQuoted(buffer, from, limit);
      if (at < 0) {
        malformed = true;
        at = limit;
      }
    } else {
      while (at < limit && Octets.isParamText(buffer[at])) {
        at++;
      }
      malformed |= at == from;
    }
    valueLength = at - from;
  }

  boolean isMalformed() {
    return malformed;
  }

  /** Where the walk stands: at a comma or the limit once {@link #next} has said no. */
  int position() {
    return at;
  }

  /** The semicolon of the parameter. */
  int start() {
    return start;
  }

  int nameOffset() {
    return nameOffset;
  }

  int nameEnd() {
    return nameOffset + nameLength;
  }

  boolean is(byte[] lowerName) {
    return Octets.equalIgnoringCase(buffer, nameOffset, nameLength, lowerName);
  }

  int valueOffset() {
    return valueOffset;
  }

  /** -1 for a parameter without a value. Quotes are part of it. */
  int valueLength() {
    return valueLength;
  }
}
