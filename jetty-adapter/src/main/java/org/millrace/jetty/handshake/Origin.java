package org.millrace.jetty.handshake;

import java.util.Map;
import java.util.Optional;

/**
 * A serialised origin (RFC 6454, section 6.2).
 *
 * @param host empty for {@code null} and for {@code file://}, which browsers send from files.
 * @param port the scheme's own if none was written; -1 if that is not known either.
 */
record Origin(String scheme, String host, int port) {
  private static final Map<String, Integer> DEFAULT_PORTS =
      Map.of("http", 80, "ws", 80, "https", 443, "wss", 443);

  static final Origin OPAQUE = new Origin("null", "", -1);

  /** Reads one; empty if it is malformed, as also a list of several is. */
  static Optional<Origin> parse(String text) {
    if (text.equals("null")) {
      return Optional.of(OPAQUE);
    }
    final int colon = text.indexOf("://");
    if (colon <= 0 || !isScheme(text, colon)) {
      return Optional.empty();
    }
    final String scheme = RequestHead.lowerCase(text.substring(0, colon));
    final String rest = text.substring(colon + 3);
    if (rest.isEmpty() && scheme.equals("file")) {
      return Optional.of(new Origin(scheme, "", -1));
    }
    return Authority.parse(rest).map(authority -> of(scheme, authority));
  }

  private static Origin of(String scheme, Authority authority) {
    final int port =
        authority.port() >= 0 ? authority.port() : DEFAULT_PORTS.getOrDefault(scheme, -1);
    return new Origin(scheme, authority.host(), port);
  }

  private static boolean isScheme(String text, int end) {
    for (int i = 0; i < end; i++) {
      final char c = text.charAt(i);
      if (!Tokens.isTokenCharacter(c) || ("+-.".indexOf(c) < 0 && !Character.isLetterOrDigit(c))) {
        return false;
      }
    }
    return true;
  }
}
