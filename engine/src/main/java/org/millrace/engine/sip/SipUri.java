package org.millrace.engine.sip;

/** A SIP or SIPS URI (RFC 3261 section 19.1), as offsets into the message. */
final class SipUri {
  /** Neither sip nor sips, but a scheme. */
  static final int OTHER = 0;

  static final int SIP = 1;
  static final int SIPS = 2;
  static final int TEL = 3;

  private static final byte[] SIP_SCHEME = Octets.ascii("sip");
  private static final byte[] SIPS_SCHEME = Octets.ascii("sips");
  private static final byte[] TEL_SCHEME = Octets.ascii("tel");

  private byte[] buffer;
  private int scheme;
  private int userOffset;
  private int userLength;
  private int hostOffset;
  private int hostLength;
  private int port;
  private int end;

  /** Whether the range is a URI; only of SIP and SIPS URIs are the parts known. */
  boolean parse(byte[] newBuffer, int from, int length) {
    buffer = newBuffer;
    end = from + length;
    userLength = -1;
    hostLength = 0;
    port = -1;
    int colon = from;
    while (colon < end && isScheme(buffer[colon])) {
      colon++;
    }
    if (colon == from || colon == end || buffer[colon] != ':') {
      return false;
    }
    scheme = schemeOf(from, colon - from);
    return (scheme != SIP && scheme != SIPS) || parts(colon + 1);
  }

  private static boolean isScheme(byte b) {
    final byte lower = Octets.lower(b);
    return (lower >= 'a' && lower <= 'z') || Octets.isDigit(b) || b == '+' || b == '-' || b == '.';
  }

  private int schemeOf(int from, int length) {
    if (Octets.equalIgnoringCase(buffer, from, length, SIP_SCHEME)) {
      return SIP;
    }
    if (Octets.equalIgnoringCase(buffer, from, length, SIPS_SCHEME)) {
      return SIPS;
    }
    return Octets.equalIgnoringCase(buffer, from, length, TEL_SCHEME) ? TEL : OTHER;
  }

  private boolean parts(int from) {
    int at = from;
    int password = -1;
    for (int i = from; i < end; i++) {
      final byte b = buffer[i];
      if (b == '@') {
        userOffset = from;
        userLength = (password < 0 ? i : password) - from;
        at = i + 1;
        break;
      }
      if (b == ':' && password < 0) {
        password = i;
      }
    }
    if (userLength == 0 || !host(at)) {
      return false;
    }
    final int behind = hostOffset + hostLength;
    return behind == end || port(behind);
  }

  private boolean host(int from) {
    hostOffset = from;
    int at = from;
    if (at < end && buffer[at] == '[') {
      while (at < end && buffer[at] != ']') {
        at++;
      }
      at++;
    } else {
      while (at < end && isHost(buffer[at])) {
        at++;
      }
    }
    hostLength = at - from;
    return at <= end && hostLength > 0;
  }

  private static boolean isHost(byte b) {
    final byte lower = Octets.lower(b);
    return (lower >= 'a' && lower <= 'z') || Octets.isDigit(b) || b == '-' || b == '.' || b == '_';
  }

  private boolean port(int from) {
    int at = from;
    if (buffer[at] == ':') {
      at++;
      final int digits = at;
      while (at < end && Octets.isDigit(buffer[at])) {
        at++;
      }
      port = (int) Octets.decimal(buffer, digits, at, 65535);
      if (port < 0) {
        return false;
      }
    }
    return at == end || buffer[at] == ';' || buffer[at] == '?';
  }

  int scheme() {
    return scheme;
  }

  boolean isSip() {
    return scheme == SIP || scheme == SIPS;
  }

  boolean hasUser() {
    return userLength > 0;
  }

  int userOffset() {
    return userOffset;
  }

  /** Without the password; -1 if there is no user. */
  int userLength() {
    return userLength;
  }

  int hostOffset() {
    return hostOffset;
  }

  int hostLength() {
    return hostLength;
  }

  /** -1 if none is given. */
  int port() {
    return port;
  }
}
