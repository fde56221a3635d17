package org.millrace.engine.sip;

/**
 * Walks over the parameters of a SIP URI (RFC 3261 section 19.1.1): {@code ;name=value} up to its
 * headers or its end. Space and quotes do not occur in them.
 */
final class UriParams {
  private byte[] buffer;
  private int at;
  private int end;
  private int start;
  private int nameLength;
  private int valueLength;

  /**
   * Begins before the first parameter.
   *
   * @param uri has just been parsed.
   */
  UriParams on(byte[] newBuffer, SipUri uri, int uriEnd) {
    buffer = newBuffer;
    end = uriEnd;
    at = behindHost(newBuffer, uri, uriEnd);
    return this;
  }

  /** Behind {@code host[:port]}, where the first parameter goes. */
  static int behindHost(byte[] buffer, SipUri uri, int uriEnd) {
    int at = uri.hostOffset() + uri.hostLength();
    while (at < uriEnd && buffer[at] != ';' && buffer[at] != '?') {
      at++;
    }
    return at;
  }

  boolean next() {
    if (at == end || buffer[at] != ';') {
      return false;
    }
    start = at;
    at++;
    nameLength = -1;
    while (at < end && buffer[at] != ';' && buffer[at] != '?') {
      if (nameLength < 0 && buffer[at] == '=') {
        nameLength = at - start - 1;
      }
      at++;
    }
    valueLength = nameLength < 0 ? -1 : at - valueOffset();
    if (nameLength < 0) {
      nameLength = at - start - 1;
    }
    return true;
  }

  boolean is(byte[] lowerName) {
    return Octets.equalIgnoringCase(buffer, start + 1, nameLength, lowerName);
  }

  /** The semicolon of the parameter. */
  int start() {
    return start;
  }

  /** Behind the parameter. */
  int behind() {
    return at;
  }

  int valueOffset() {
    return start + 1 + nameLength + 1;
  }

  /** -1 for a parameter without a value. */
  int valueLength() {
    return valueLength;
  }
}
