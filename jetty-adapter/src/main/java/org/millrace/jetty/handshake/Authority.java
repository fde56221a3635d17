package org.millrace.jetty.handshake;

import java.util.Optional;

/**
 * Host and port of a Host field, an absolute target or an origin.
 *
 * @param host in lower case, without a final dot; an IPv6 address in its brackets.
 * @param port -1 if there is none.
 */
record Authority(String host, int port) {
  private static final int MAX_PORT = 65_535;

  /** Reads one; empty if it is malformed. User information is not allowed. */
  static Optional<Authority> parse(String text) {
    final int end = endOfHost(text);
    if (end <= 0) {
      return Optional.empty();
    }
    int port = -1;
    if (end < text.length()) {
      if (text.charAt(end) != ':') {
        return Optional.empty();
      }
      final String digits = text.substring(end + 1);
      if (!digits.isEmpty()) {
        port = port(digits);
        if (port < 0) {
          return Optional.empty();
        }
      }
    }
    String host = RequestHead.lowerCase(text.substring(0, end));
    if (host.length() > 1 && host.endsWith(".")) {
      host = host.substring(0, host.length() - 1);
    }
    return Optional.of(new Authority(host, port));
  }

  private static int endOfHost(String text) {
    if (text.startsWith("[")) {
      final int bracket = text.indexOf(']');
      return bracket > 2 && isIpv6(text, bracket) ? bracket + 1 : -1;
    }
    int end = 0;
    while (end < text.length() && isNameCharacter(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isIpv6(String text, int end) {
    for (int i = 1; i < end; i++) {
      final char c = text.charAt(i);
      if ((Character.digit(c, 16) < 0 && c != ':' && c != '.') || c > '~') {
        return false;
      }
    }
    return true;
  }

  private static boolean isNameCharacter(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "-._~!$&'()*+,;=%".indexOf(c) >= 0;
  }

  private static int port(String digits) {
    if (digits.length() > 5) {
      return -1;
    }
    int port = 0;
    for (int i = 0; i < digits.length(); i++) {
      final char c = digits.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      port = port * 10 + (c - '0');
    }
    return port <= MAX_PORT ? port : -1;
  }
}
