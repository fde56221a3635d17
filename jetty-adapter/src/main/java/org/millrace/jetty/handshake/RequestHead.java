package org.millrace.jetty.handshake;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Head of a request over HTTP/1.1 or HTTP/2, with no more structure than an opening handshake
 * needs.
 *
 * @param protocol value of {@code :protocol} in an extended CONNECT; empty over HTTP/1.1.
 * @param fields in the order received, their names in lower case and their values trimmed.
 */
public record RequestHead(
    String method,
    RequestTarget target,
    int major,
    int minor,
    Optional<String> protocol,
    List<Field> fields) {

  /** A header field. */
  public record Field(String name, String value) {}

  /** Values of a field, in order; {@code name} in lower case. */
  public List<String> values(String name) {
    List<String> values = List.of();
    for (int i = 0; i < fields.size(); i++) {
      final Field field = fields.get(i);
      if (field.name().equals(name)) {
        if (values.isEmpty()) {
          values = new ArrayList<>(2);
        }
        values.add(field.value());
      }
    }
    return values;
  }

  /** Value of a field that may occur once; empty if it does not, or more than once. */
  public Optional<String> single(String name) {
    final List<String> values = values(name);
    return values.size() == 1 ? Optional.of(values.get(0)) : Optional.empty();
  }

  /**
   * Members of a field that is a list, over all its lines, without the empty ones. One pass,
   * whatever the client sends.
   */
  public List<String> members(String name) {
    final List<String> members = new ArrayList<>(4);
    for (String value : values(name)) {
      int begin = 0;
      while (begin <= value.length()) {
        int end = value.indexOf(',', begin);
        if (end < 0) {
          end = value.length();
        }
        final String member = trim(value, begin, end);
        if (!member.isEmpty()) {
          members.add(member);
        }
        begin = end + 1;
      }
    }
    return members;
  }

  /** Whether a list has this token, in any case. */
  public boolean hasToken(String name, String token) {
    for (String member : members(name)) {
      if (member.equalsIgnoreCase(token)) {
        return true;
      }
    }
    return false;
  }

  public boolean isHttp2() {
    return major == 2;
  }

  /** Without the blanks and tabs around it: optional white space of RFC 9110, and no other. */
  static String trim(String text, int from, int to) {
    int begin = from;
    int end = to;
    while (begin < end && isBlank(text.charAt(begin))) {
      begin++;
    }
    while (end > begin && isBlank(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(begin, end);
  }

  static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  static String lowerCase(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
