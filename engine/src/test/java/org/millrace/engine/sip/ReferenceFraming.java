package org.millrace.engine.sip;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millrace.engine.frame.Violation;

/**
 * The framing of SIP streams, plainly: looks at the whole stream, as text, and knows nothing of
 * reads. The oracle for {@link SipFraming} in the server role.
 */
final class ReferenceFraming {
  private static final String CRLF = "\r\n";
  private static final Pattern LENGTH =
      Pattern.compile("(?i)(?:content-length|l)[ \\t]*:(.*)", Pattern.DOTALL);
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9\\-.!%*_+`'~]");

  private final int maxMessageSize;
  private final boolean acceptNoContentLength;
  private final List<String> messages = new ArrayList<>();
  private int pings;
  private Violation violation;
  private String malformed;

  ReferenceFraming(int maxMessageSize, boolean acceptNoContentLength) {
    this.maxMessageSize = maxMessageSize;
    this.acceptNoContentLength = acceptNoContentLength;
  }

  void frame(String stream) {
    int at = 0;
    boolean half = false;
    while (at < stream.length()) {
      final String rest = stream.substring(at);
      if (rest.equals("\r")) {
        return;
      }
      if (rest.startsWith(CRLF)) {
        pings += half ? 1 : 0;
        half = !half;
        at += 2;
        continue;
      }
      half = false;
      if (!TOKEN.matcher(rest.substring(0, 1)).matches()) {
        fail(Violation.NO_MESSAGE_START, null);
        return;
      }
      final int length = messageLength(rest);
      if (length < 0 || length > rest.length()) {
        return; // malformed, or incomplete
      }
      messages.add(rest.substring(0, length));
      at += length;
    }
  }

  private void fail(Violation reason, String message) {
    violation = reason;
    malformed = message;
  }

  /** Length of the message that begins here, -1 if that cannot be told. */
  private int messageLength(String rest) {
    final int limit = Math.min(SipMessage.MAX_HEADER_BYTES, maxMessageSize);
    final int blank = rest.indexOf(CRLF + CRLF);
    final int headers = blank + 4;
    if (blank < 0 || headers > limit) {
      if (rest.length() >= limit) {
        fail(Violation.HEADERS_TOO_LONG, rest.substring(0, limit));
      }
      return -1;
    }
    final BigInteger body = bodyLength(rest.substring(0, blank));
    if (violation == null && body.intValueExact() > maxMessageSize - headers) {
      violation = Violation.MESSAGE_TOO_BIG;
    }
    if (violation != null) {
      malformed = rest.substring(0, headers);
      return -1;
    }
    return headers + body.intValueExact();
  }

  private BigInteger bodyLength(String headers) {
    final List<String> lines = List.of(headers.replaceAll("\r\n([ \t])", "$1").split(CRLF, -1));
    BigInteger length = null;
    for (final String line : lines.subList(1, lines.size())) {
      final Matcher matcher = LENGTH.matcher(line);
      if (!matcher.matches()) {
        continue;
      }
      final String value = matcher.group(1).replaceAll("^[ \t]+|[ \t]+\\z", "");
      if (!value.matches("[0-9]+")
          || new BigInteger(value).compareTo(BigInteger.valueOf(Integer.MAX_VALUE)) > 0) {
        because(Violation.LENGTH_ILLEGAL);
      } else if (length != null && !length.equals(new BigInteger(value))) {
        because(Violation.LENGTHS_DIFFER);
      } else {
        length = new BigInteger(value);
      }
    }
    if (length == null && !acceptNoContentLength) {
      because(Violation.LENGTH_MISSING);
    }
    return length == null ? BigInteger.ZERO : length;
  }

  private void because(Violation reason) {
    if (violation == null) {
      violation = reason;
    }
  }

  List<String> messages() {
    return messages;
  }

  int pings() {
    return pings;
  }

  /** Null if nothing is wrong. */
  Violation violation() {
    return violation;
  }

  /** What there was of the message that is wrong; null if none had begun. */
  String malformed() {
    return malformed;
  }
}
