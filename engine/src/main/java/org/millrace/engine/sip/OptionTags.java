package org.millrace.engine.sip;

/** Lists of option tags: Supported, Require, Proxy-Require (RFC 3261 section 19.2). */
final class OptionTags {
  private static final byte[] UNSUPPORTED = Octets.ascii("Unsupported: ");

  private static final byte[] SEPARATOR = Octets.ascii(", ");

  private OptionTags() {}

  /** Whether a tag is in one of the header fields of that name. */
  static boolean has(SipMessage message, int id, byte[] tag) {
    final byte[] buffer = message.text();
    for (int i = message.header(id); i >= 0; i = message.nextHeader(i)) {
      int at = message.valueStart(i);
      while (at < message.valueEnd(i)) {
        final int end = tagEnd(buffer, at, message.valueEnd(i));
        if (Octets.equalIgnoringCase(buffer, at, end - at, tag)) {
          return true;
        }
        at = nextTag(buffer, end, message.valueEnd(i));
      }
    }
    return false;
  }

  /** Whether there is a tag that is none of the known ones. */
  static boolean hasOther(SipMessage message, int id, byte[]... known) {
    return others(message, id, null, known) > 0;
  }

  /** Puts an Unsupported field with the tags that are none of the known ones. */
  static void putUnsupported(SipWriter answer, SipMessage message, int id, byte[]... known) {
    answer.put(UNSUPPORTED);
    others(message, id, answer, known);
    answer.put(Responder.CRLF);
  }

  private static int others(SipMessage message, int id, SipWriter answer, byte[]... known) {
    final byte[] buffer = message.text();
    int count = 0;
    for (int i = message.header(id); i >= 0; i = message.nextHeader(i)) {
      int at = message.valueStart(i);
      while (at < message.valueEnd(i)) {
        final int end = tagEnd(buffer, at, message.valueEnd(i));
        if (end > at && !isOneOf(buffer, at, end, known)) {
          if (answer != null) {
            answer.put(SEPARATOR, 0, count == 0 ? 0 : SEPARATOR.length);
            answer.put(buffer, at, end - at);
          }
          count++;
        }
        at = nextTag(buffer, end, message.valueEnd(i));
      }
    }
    return count;
  }

  private static boolean isOneOf(byte[] buffer, int from, int to, byte[]... known) {
    for (final byte[] tag : known) {
      if (Octets.equalIgnoringCase(buffer, from, to - from, tag)) {
        return true;
      }
    }
    return false;
  }

  private static int tagEnd(byte[] buffer, int from, int limit) {
    int at = from;
    while (at < limit && buffer[at] != ',' && !Octets.isSpace(buffer[at])) {
      at++;
    }
    return at;
  }

  private static int nextTag(byte[] buffer, int from, int limit) {
    int at = from;
    while (at < limit && (buffer[at] == ',' || Octets.isSpace(buffer[at]))) {
      at++;
    }
    return at;
  }
}
