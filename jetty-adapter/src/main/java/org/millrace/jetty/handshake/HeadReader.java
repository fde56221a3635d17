package org.millrace.jetty.handshake;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.millrace.jetty.config.HandshakeConfig;

/**
 * Reads the head of one HTTP/1.1 request by the letter of RFC 9112: steps 2 to 5 of. Every
 * byte is looked at once while it arrives, so that the limits and the line ends are judged before
 * the head is complete; lines are taken apart when it is.
 */
final class HeadReader {
  /** What is known after a read. */
  enum Progress {
    MORE,
    COMPLETE,
    REFUSED
  }

  private final HandshakeConfig limits;
  private int scanned;
  private int lineBegin;
  private int requestLineBegin;
  private int requestLineEnd = -1;
  private int lines;
  private boolean carriageReturn;
  private RefusalReason reason;
  private RequestHead head;

  HeadReader(HandshakeConfig limits) {
    this.limits = limits;
  }

  /**
   * Looks at the bytes that were added to a buffer since the last call.
   *
   * @param bytes with everything received so far from index 0 to its limit; left unchanged.
   */
  Progress read(ByteBuffer bytes) {
    final int end = bytes.limit();
    while (scanned < end) {
      final int b = bytes.get(scanned) & 0xFF;
      scanned++;
      final boolean lineEnds = b == '\n';
      if (lineEnds != carriageReturn || isControl(b)) {
        return refuse(RefusalReason.SYNTAX);
      }
      carriageReturn = b == '\r';
      if (exceedsLimits(b)) {
        return Progress.REFUSED;
      }
      if (lineEnds && endOfLine()) {
        return parse(bytes);
      }
    }
    return Progress.MORE;
  }

  private static boolean isControl(int b) {
    return (b < ' ' && b != '\t' && b != '\r' && b != '\n') || b == 0x7F;
  }

  private boolean exceedsLimits(int b) {
    final boolean inRequestLine = requestLineEnd < 0;
    if (inRequestLine && b != '\r' && b != '\n' && scanned - lineBegin > limits.maxRequestLine()) {
      refuse(RefusalReason.REQUEST_LINE_TOO_LONG);
    } else if (scanned > limits.maxHead() || lines - 1 > limits.maxFields()) {
      refuse(RefusalReason.HEAD_TOO_LARGE);
    }
    return reason != null;
  }

  /** Whether this was the empty line that ends the head. */
  private boolean endOfLine() {
    final int lineEnd = scanned - 2;
    final boolean empty = lineEnd == lineBegin;
    if (requestLineEnd >= 0) {
      lines++;
      if (empty) {
        return true;
      }
    } else if (!empty) {
      // Empty lines in front of the request line are passed over (RFC 9112, section 2.2).
      requestLineBegin = lineBegin;
      requestLineEnd = lineEnd;
      lines = 1;
    }
    lineBegin = scanned;
    return false;
  }

  private Progress refuse(RefusalReason why) {
    reason = why;
    return Progress.REFUSED;
  }

  private Progress parse(ByteBuffer bytes) {
    final byte[] copy = new byte[scanned - requestLineBegin];
    bytes.get(requestLineBegin, copy);
    final String text = new String(copy, StandardCharsets.ISO_8859_1);
    final int endOfLine = requestLineEnd - requestLineBegin;
    final Optional<List<RequestHead.Field>> fields = fields(text, endOfLine + 2);
    final String[] parts = text.substring(0, endOfLine).split(" ", -1);
    if (fields.isEmpty() || !isRequestLine(parts)) {
      return refuse(RefusalReason.SYNTAX);
    }
    final Optional<RequestTarget> target = RequestTarget.parse(parts[1]);
    if (target.isEmpty()) {
      return refuse(RefusalReason.SYNTAX);
    }
    final int major = parts[2].charAt(5) - '0';
    if (major != 1) {
      return refuse(RefusalReason.HTTP_VERSION);
    }
    final int minor = parts[2].charAt(7) - '0';
    head = new RequestHead(parts[0], target.get(), major, minor, Optional.empty(), fields.get());
    return Progress.COMPLETE;
  }

  private static boolean isRequestLine(String[] parts) {
    return parts.length == 3
        && Tokens.isToken(parts[0])
        && isVisible(parts[1])
        && isVersion(parts[2]);
  }

  private static boolean isVisible(String target) {
    for (int i = 0; i < target.length(); i++) {
      if (target.charAt(i) <= ' ' || target.charAt(i) > '~') {
        return false;
      }
    }
    return !target.isEmpty();
  }

  private static boolean isVersion(String version) {
    return version.length() == 8
        && version.startsWith("HTTP/")
        && isDigit(version.charAt(5))
        && version.charAt(6) == '.'
        && isDigit(version.charAt(7));
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** The field lines; empty if one is folded, has no colon, or blanks in front of it. */
  private static Optional<List<RequestHead.Field>> fields(String text, int begin) {
    final List<RequestHead.Field> fields = new ArrayList<>(16);
    int line = begin;
    while (true) {
      final int end = text.indexOf('\r', line);
      if (end == line) {
        return Optional.of(fields);
      }
      final int colon = Tokens.endOfToken(text, line);
      if (colon == line || text.charAt(colon) != ':') {
        return Optional.empty();
      }
      fields.add(
          new RequestHead.Field(
              RequestHead.lowerCase(text.substring(line, colon)),
              RequestHead.trim(text, colon + 1, end)));
      line = end + 2;
    }
  }

  /** Bytes of the head, once it is complete. */
  int length() {
    return scanned;
  }

  /** Where the request line begins, once the head is complete. */
  int requestLineBegin() {
    return requestLineBegin;
  }

  /** Once it is complete. */
  RequestHead head() {
    return head;
  }

  /** Once it is refused. */
  RefusalReason reason() {
    return reason;
  }
}
