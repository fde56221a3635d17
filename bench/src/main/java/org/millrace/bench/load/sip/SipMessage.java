package org.millrace.bench.load.sip;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Looks into a message where it lies. One for a thread, set to one message after the other. */
final class SipMessage {
  private static final byte[] RESPONSE = "SIP/2.0 ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] BRANCH = SipTexts.BRANCH.getBytes(StandardCharsets.US_ASCII);
  private static final byte[] TAG = ";tag=".getBytes(StandardCharsets.US_ASCII);
  private static final int STATUS_LINE = 12;
  private static final int DIGITS = 9;

  private ByteBuffer bytes;
  private int from;
  private int to;
  private int branch;

  void set(ByteBuffer message, int begin, int end) {
    bytes = message;
    from = begin;
    to = end;
    branch = -1;
  }

  int length() {
    return to - from;
  }

  boolean isResponse() {
    return to - from > STATUS_LINE && isAt(from, RESPONSE);
  }

  /** Of a response. */
  int status() {
    int status = 0;
    for (int i = from + RESPONSE.length; i < from + RESPONSE.length + 3; i++) {
      status = 10 * status + bytes.get(i) - '0';
    }
    return status;
  }

  /**
   * Finds the branch of one of our requests, which a response has in its only Via.
   *
   * @return which request it is, as {@link SipTexts} has it; 0 if it is none of ours.
   */
  char kind() {
    for (int at = from; at + BRANCH.length + DIGITS < to; at++) {
      if (bytes.get(at) == 'z' && isAt(at, BRANCH)) {
        branch = at + BRANCH.length;
        return (char) bytes.get(branch);
      }
    }
    return 0;
  }

  /** The number of the request that {@link #kind} has found. */
  long sequence() {
    long sequence = 0;
    for (int i = branch + 1; i <= branch + DIGITS; i++) {
      sequence = 10 * sequence + bytes.get(i) - '0';
    }
    return sequence;
  }

  boolean isMethod(byte[] methodAndSpace) {
    return to - from > methodAndSpace.length && isAt(from, methodAndSpace);
  }

  private boolean isAt(int at, byte[] wanted) {
    for (int i = 0; i < wanted.length; i++) {
      if (bytes.get(at + i) != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  /** Appends those header fields to an answer that it has in common with its request. */
  void copyForAnswer(ByteBuffer answer, byte[] toTag) {
    int line = lineEnd(from) + 1;
    while (line < to) {
      final int next = lineEnd(line) + 1;
      if (next - line <= 2) {
        return;
      }
      final char name = name(line, next);
      if (name != 0) {
        final int end = name == 't' && find(line, next, TAG) < 0 ? next - 2 : next;
        answer.put(answer.position(), bytes, line, end - line);
        answer.position(answer.position() + end - line);
        if (end < next) {
          answer.put(TAG).put(toTag).put((byte) '\r').put((byte) '\n');
        }
      }
      line = next;
    }
  }

  private int lineEnd(int at) {
    int end = at;
    while (end < to - 1 && bytes.get(end) != '\n') {
      end++;
    }
    return end;
  }

  /** One letter for each of those that answers copy; 0 for all others. */
  private char name(int line, int next) {
    int colon = line;
    while (colon < next && bytes.get(colon) != ':' && bytes.get(colon) != ' ') {
      colon++;
    }
    final char first = (char) (bytes.get(line) | 0x20);
    return switch (colon - line) {
      case 1 -> "vfti".indexOf(first) < 0 ? 0 : first;
      case 2 -> first == 't' ? 't' : 0;
      case 3 -> first == 'v' ? 'v' : 0;
      case 4 -> first == 'f' || first == 'c' ? first : 0;
      case 7 -> first == 'c' && bytes.get(line + 4) == '-' ? 'i' : 0;
      case 12 -> first == 'r' && bytes.get(line + 6) == '-' ? 'r' : 0;
      default -> 0;
    };
  }

  private int find(int begin, int end, byte[] wanted) {
    for (int at = begin; at + wanted.length <= end; at++) {
      if (isAt(at, wanted)) {
        return at;
      }
    }
    return -1;
  }

  /** What a caller has to know of the 200 of its INVITE. */
  Call call(int user, long sequence) {
    final byte[] copy = new byte[to - from];
    bytes.get(from, copy);
    final String[] lines = new String(copy, StandardCharsets.ISO_8859_1).split("\r\n", -1);
    final StringBuilder routes = new StringBuilder();
    String target = "";
    String callee = "";
    for (final String line : lines) {
      final String name =
          line.substring(0, Math.max(0, line.indexOf(':'))).strip().toLowerCase(Locale.ROOT);
      final String value = line.substring(line.indexOf(':') + 1).strip();
      switch (name) {
        case "record-route" -> routes.insert(0, "Route: " + reversed(value) + "\r\n");
        case "contact", "m" -> target = value.replaceAll("^[^<]*<([^>]*)>.*$", "$1");
        case "to", "t" -> callee = "To: " + value;
        default -> {}
      }
    }
    return new Call(user, sequence, target, routes.toString(), callee);
  }

  private static String reversed(String routes) {
    final StringBuilder reversed = new StringBuilder();
    for (final String route : routes.split(",(?=\\s*<)", -1)) {
      reversed.insert(0, route.strip() + (reversed.length() == 0 ? "" : ","));
    }
    return reversed.toString();
  }
}
