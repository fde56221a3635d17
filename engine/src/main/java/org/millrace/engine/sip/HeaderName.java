package org.millrace.engine.sip;

import java.util.Arrays;

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
  private static final int BUCKETS = 64;
  private static final Entry[] BY_HASH = new Entry[BUCKETS];

  /** What makes letters of either case equal, and no other two bytes of a token. */
  private static final long EVERY_CASE = 0x2020_2020_2020_2020L;

  /** A name as three numbers of eight lower-case bytes each, zeros behind its end. */
  private record Entry(int length, long first, long second, long third, int id, Entry next) {}

  static {
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
      final byte[] padded = Arrays.copyOf(Octets.ascii(name), LONGEST + Long.BYTES);
      final int length = name.length();
      final long first = eight(padded, 0, length);
      final long second = eight(padded, Long.BYTES, length);
      final long third = eight(padded, 2 * Long.BYTES, length);
      final int bucket = bucket(length, first, second);
      BY_HASH[bucket] = new Entry(length, first, second, third, id, BY_HASH[bucket]);
    }
  }

  /** Up to eight bytes in lower case, zeros behind {@code end}. */
  private static long eight(byte[] buffer, int from, int end) {
    final int count = end - from;
    if (count <= 0) {
      return 0;
    }
    final long bytes = Octets.eight(buffer, from) | EVERY_CASE;
    return count >= Long.BYTES ? bytes : bytes & ((1L << (count * Byte.SIZE)) - 1);
  }

  private static int bucket(int length, long first, long second) {
    final long mixed = (first + 31 * second + length) * 0x9E37_79B9_7F4A_7C15L;
    return (int) (mixed >>> 58);
  }

  /**
   * Which header the name is, long or compact, in any case.
   *
   * @param buffer has eight bytes or more behind the name, whatever they are.
   */
  static int of(byte[] buffer, int from, int length) {
    if (length > LONGEST) {
      return OTHER;
    }
    final int end = from + length;
    final long first = eight(buffer, from, end);
    final long second = eight(buffer, from + Long.BYTES, end);
    Entry entry = BY_HASH[bucket(length, first, second)];
    while (entry != null) {
      if (entry.length == length
          && entry.first == first
          && entry.second == second
          && entry.third == eight(buffer, from + 2 * Long.BYTES, end)) {
        return entry.id;
      }
      entry = entry.next;
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
