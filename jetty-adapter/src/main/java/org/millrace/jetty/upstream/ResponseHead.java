package org.millrace.jetty.upstream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Status and fields of the head of an HTTP/1.1 response, read by the letter of RFC 9112. */
final class ResponseHead {
  private static final String VERSION = "HTTP/1.1 ";
  private static final int STATUS_END = VERSION.length() + 3;
  private static final String TOKEN_EXTRAS = "!#$%&'*+-.^_`|~";

  private final int status;
  private final List<Field> fields;

  private record Field(String name, String value) {}

  private ResponseHead(int status, List<Field> fields) {
    this.status = status;
    this.fields = fields;
  }

  /**
   * Bytes of the head in front of everything else.
   *
   * @param bytes from index 0 to the limit; left unchanged.
   * @param from how many were looked at before.
   * @return -1 if its end is not there yet.
   */
  static int length(ByteBuffer bytes, int from) {
    for (int i = Math.max(3, from); i < bytes.limit(); i++) {
      if (bytes.get(i) == '\n'
          && bytes.get(i - 1) == '\r'
          && bytes.get(i - 2) == '\n'
          && bytes.get(i - 3) == '\r') {
        return i + 1;
      }
    }
    return -1;
  }

  /** Reads a whole head; empty if it is none. The reason phrase may be anything. */
  static Optional<ResponseHead> parse(byte[] head) {
    final String text = new String(head, StandardCharsets.ISO_8859_1);
    for (int i = 0; i < text.length(); i++) {
      if (isForbidden(text, i)) {
        return Optional.empty();
      }
    }
    final String[] lines = text.split("\r\n");
    return isStatusLine(lines[0]) ? parse(lines) : Optional.empty();
  }

  private static Optional<ResponseHead> parse(String[] lines) {
    final List<Field> fields = new ArrayList<>();
    for (int i = 1; i < lines.length; i++) {
      final int colon = lines[i].indexOf(':');
      if (colon < 0 || !isToken(lines[i].substring(0, colon))) {
        return Optional.empty();
      }
      fields.add(
          new Field(
              lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
              lines[i].substring(colon + 1).strip()));
    }
    return Optional.of(
        new ResponseHead(
            Integer.parseInt(lines[0].substring(VERSION.length(), STATUS_END)), fields));
  }

  /** Controls, and line ends that are not CRLF. */
  private static boolean isForbidden(String text, int i) {
    final char c = text.charAt(i);
    if (c == '\r') {
      return i + 1 == text.length() || text.charAt(i + 1) != '\n';
    }
    if (c == '\n') {
      return i == 0 || text.charAt(i - 1) != '\r';
    }
    return (c < ' ' && c != '\t') || c == 0x7F;
  }

  private static boolean isStatusLine(String line) {
    return line.startsWith(VERSION)
        && line.length() >= STATUS_END
        && line.substring(VERSION.length(), STATUS_END).matches("[1-5]\\d\\d")
        && (line.length() == STATUS_END || line.charAt(STATUS_END) == ' ');
  }

  private static boolean isToken(String name) {
    return !name.isEmpty() && name.chars().allMatch(ResponseHead::isTokenCharacter);
  }

  private static boolean isTokenCharacter(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || TOKEN_EXTRAS.indexOf(c) >= 0;
  }

  int status() {
    return status;
  }

  /** The values of all fields of a name, which is in lower case. */
  List<String> values(String name) {
    return fields.stream().filter(f -> f.name().equals(name)).map(Field::value).toList();
  }

  /** The members of a list over all fields of a name, without empty ones. */
  List<String> members(String name) {
    return values(name).stream()
        .flatMap(value -> List.of(value.split(",", -1)).stream())
        .map(String::strip)
        .filter(member -> !member.isEmpty())
        .toList();
  }
}
