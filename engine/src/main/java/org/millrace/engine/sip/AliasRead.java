package org.millrace.engine.sip;

/**
 * Finds the first alias in a SIP URI and reads it strictly (C-51): {@code
 * alias=address~port~proto}. As offsets; to be used again, by one thread at a time.
 */
final class AliasRead {
  /** What is found. */
  enum Outcome {
    NONE,
    MALFORMED,
    FOUND
  }

  private static final byte[] ALIAS = Octets.ascii("alias");
  private static final byte[] MAC = Octets.ascii("aliasmac");
  private static final int FIRST_PROTO = 1;
  private static final int LAST_PROTO = 6;
  private static final int MOST_PORT = 65_535;

  private final UriParams params = new UriParams();
  private final IpLiteral address = new IpLiteral();
  private int start;
  private int end;
  private int textOffset;
  private int textLength;
  private int macStart;
  private int macEnd;
  private int macOffset;
  private int macLength;
  private int port;
  private int proto;

  /**
   * Looks into a URI.
   *
   * @param uri has just been parsed.
   */
  Outcome read(byte[] buffer, SipUri uri, int uriEnd) {
    textLength = -1;
    macLength = -1;
    params.on(buffer, uri, uriEnd);
    while (params.next()) {
      if (textLength < 0 && params.valueLength() >= 0 && params.is(ALIAS)) {
        start = params.start();
        end = params.behind();
        textOffset = params.valueOffset();
        textLength = params.valueLength();
      } else if (macLength < 0 && params.valueLength() >= 0 && params.is(MAC)) {
        macStart = params.start();
        macEnd = params.behind();
        macOffset = params.valueOffset();
        macLength = params.valueLength();
      }
    }
    if (textLength < 0) {
      return Outcome.NONE;
    }
    return value(buffer) ? Outcome.FOUND : Outcome.MALFORMED;
  }

  private boolean value(byte[] buffer) {
    final int limit = textOffset + textLength;
    final int first = tilde(buffer, textOffset, limit);
    final int second = first < 0 ? -1 : tilde(buffer, first + 1, limit);
    if (second < 0) {
      return false;
    }
    final boolean bracketed = textLength > 0 && buffer[textOffset] == '[';
    port = (int) Octets.decimal(buffer, first + 1, second, MOST_PORT);
    proto = (int) Octets.decimal(buffer, second + 1, limit, LAST_PROTO);
    return port > 0
        && proto >= FIRST_PROTO
        && address.parse(buffer, textOffset, first - textOffset)
        && bracketed == address.isV6();
  }

  private static int tilde(byte[] buffer, int from, int limit) {
    for (int at = from; at < limit; at++) {
      if (buffer[at] == '~') {
        return at;
      }
    }
    return -1;
  }

  /** Removes the alias and its MAC, and nothing else. */
  void cut(Splice splice) {
    splice.delete(start, end);
    if (macLength >= 0) {
      splice.delete(macStart, macEnd);
    }
  }

  /** Whether the MAC is there and good. */
  boolean isProved(byte[] buffer, AliasMac macs) {
    return macLength >= 0 && macs.verify(buffer, textOffset, textLength, macOffset, macLength);
  }

  /** Whether it is exactly the alias of that flow. */
  boolean is(byte[] buffer, FlowAddress flow) {
    return Octets.equal(buffer, textOffset, textLength, flow.text());
  }

  IpLiteral address() {
    return address;
  }

  int port() {
    return port;
  }

  /** 1 UDP, 2 TCP, 3 TLS, 4 SCTP, 5 WS, 6 WSS. */
  int proto() {
    return proto;
  }
}
