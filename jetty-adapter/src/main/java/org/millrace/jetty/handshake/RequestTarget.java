package org.millrace.jetty.handshake;

import java.util.Optional;

/**
 * What a request asks for: origin form, absolute form, or neither (RFC 9112, section 3.2).
 *
 * @param authority of the absolute form, or {@code :authority}; it takes the place of Host.
 * @param path as sent, never decoded; empty in the other forms, and so never one that is served.
 * @param query as sent, without the question mark; it may hold secrets.
 */
public record RequestTarget(
    Optional<String> scheme, Optional<String> authority, String path, Optional<String> query) {

  /** Takes a target of HTTP/1.1 apart; empty if it is malformed. */
  static Optional<RequestTarget> parse(String text) {
    if (text.isEmpty() || text.indexOf('#') >= 0) {
      return Optional.empty();
    }
    if (text.charAt(0) == '/') {
      return Optional.of(of(Optional.empty(), Optional.empty(), text));
    }
    final int colon = text.indexOf("://");
    if (colon <= 0 || !isScheme(text, colon)) {
      // The authority of a CONNECT, or the asterisk of an OPTIONS.
      return Optional.of(
          new RequestTarget(Optional.empty(), Optional.empty(), "", Optional.empty()));
    }
    final String scheme = RequestHead.lowerCase(text.substring(0, colon));
    int end = colon + 3;
    while (end < text.length() && text.charAt(end) != '/' && text.charAt(end) != '?') {
      end++;
    }
    final String authority = text.substring(colon + 3, end);
    final String rest = text.substring(end);
    return Optional.of(
        of(Optional.of(scheme), Optional.of(authority), rest.startsWith("/") ? rest : "/" + rest));
  }

  /** With a path that begins with a slash and may be followed by a query. */
  static RequestTarget of(
      Optional<String> scheme, Optional<String> authority, String pathAndQuery) {
    final int question = pathAndQuery.indexOf('?');
    return question < 0
        ? new RequestTarget(scheme, authority, pathAndQuery, Optional.empty())
        : new RequestTarget(
            scheme,
            authority,
            pathAndQuery.substring(0, question),
            Optional.of(pathAndQuery.substring(question + 1)));
  }

  private static boolean isScheme(String text, int end) {
    for (int i = 0; i < end; i++) {
      final char c = text.charAt(i);
      final boolean letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
      final boolean other = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
      if (!letter && (i == 0 || !other)) {
        return false;
      }
    }
    return true;
  }
}
