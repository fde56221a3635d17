package org.millrace.engine.sip;

import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;

/** The header fields that are looked at here; all others pass unread as {@link #OTHER}. */
final class HeaderName {
  static final int OTHER = 0;
  static final int VIA = 1;
  static final int FROM = 2;
  static final int TO = 3;
  static final int CALL_ID = 4;
  static final int CSEQ = 5;
  static final int CONTACT = 6;
  static final int MAX_FORWARDS = 7;
  static final int ROUTE = 8;
  static final int RECORD_ROUTE = 9;
  static final int CONTENT_LENGTH = 10;
  static final int EXPIRES = 11;
  static final int AUTHORIZATION = 12;
  static final int PROXY_AUTHORIZATION = 13;
  static final int SUPPORTED = 14;
  static final int REQUIRE = 15;
  static final int PROXY_REQUIRE = 16;
  static final int PATH = 17;
  static final int P_ASSERTED_IDENTITY = 18;
  static final int FLOW_TIMER = 19;

  /** More than any of them. */
  static final int LIMIT = 20;

  private static final int LONGEST = 24;
  private static final List<List<Entry>> BY_LENGTH = new ArrayList<>();

  @SuppressWarnings("ArrayRecordComponent") // compared by content below, never by equals
  private record Entry(byte[] lower, int id) {}

  static {
    for (int i = 0; i <= LONGEST; i++) {
      BY_LENGTH.add(new ArrayList<>());
    }
    add(VIA, "via", "v");
    add(FROM, "from", "f");
    add(TO, "to", "t");
    add(CALL_ID, "call-id", "i");
    add(CSEQ, "cseq");
    add(CONTACT, "contact", "m");
    add(MAX_FORWARDS, "max-forwards");
    add(ROUTE, "route");
    add(RECORD_ROUTE, "record-route");
    add(CONTENT_LENGTH, "content-length", "l");
    add(EXPIRES, "expires");
    add(AUTHORIZATION, "authorization");
    add(PROXY_AUTHORIZATION, "proxy-authorization");
    add(SUPPORTED, "supported", "k");
    add(REQUIRE, "require");
    add(PROXY_REQUIRE, "proxy-require");
    add(PATH, "path");
    add(P_ASSERTED_IDENTITY, "p-asserted-identity");
    add(FLOW_TIMER, "flow-timer");
  }

  private HeaderName() {}

  private static void add(int id, String... names) {
    for (final String name : names) {
      BY_LENGTH.get(name.length()).add(new Entry(Octets.ascii(name), id));
    }
  }

  /** Which header the name is, long or compact, in any case. */
  static int of(DirectBuffer buffer, int from, int length) {
    if (length > LONGEST) {
      return OTHER;
    }
    final List<Entry> entries = BY_LENGTH.get(length);
    for (int i = 0; i < entries.size(); i++) {
      if (Octets.equalIgnoringCase(buffer, from, length, entries.get(i).lower)) {
        return entries.get(i).id;
      }
    }
    return OTHER;
  }

  /** Whether a message with two of them contradicts itself (RFC 3261 section 7.3.1). */
  static boolean isSingle(int id) {
    return switch (id) {
      case FROM, TO, CALL_ID, CSEQ, MAX_FORWARDS, EXPIRES -> true;
      default -> false;
    };
  }
}
