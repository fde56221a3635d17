package org.millrace.jetty.handshake;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The Forwarded field (RFC 7239) as far as {@code for}, and the nodes of X-Forwarded-For. */
final class Forwarded {
  private Forwarded() {}

  /** Value of {@code for} in each element, in order; empty text where an element has none. */
  static List<String> hops(RequestHead head) {
    final List<String> hops = new ArrayList<>();
    for (String value : head.values("forwarded")) {
      for (String element : split(value, ',')) {
        hops.add(forOf(element));
      }
    }
    return hops;
  }

  private static String forOf(String element) {
    for (String pair : split(element, ';')) {
      final int equals = pair.indexOf('=');
      if (equals > 0 && pair.substring(0, equals).equalsIgnoreCase("for")) {
        return unquote(pair.substring(equals + 1));
      }
    }
    return "";
  }

  /** Splits where the separator is not in a quoted string, in one pass. */
  private static List<String> split(String text, char separator) {
    final List<String> parts = new ArrayList<>();
    boolean quoted = false;
    int begin = 0;
    for (int i = 0; i < text.length(); i++) {
      final char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == '\\' && quoted) {
        i++;
      } else if (c == separator && !quoted) {
        parts.add(RequestHead.trim(text, begin, i));
        begin = i + 1;
      }
    }
    parts.add(RequestHead.trim(text, begin, text.length()));
    return parts;
  }

  private static String unquote(String value) {
    return value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")
        ? value.substring(1, value.length() - 1)
        : value;
  }

  /**
   * Reads a node: an IPv4 address, or an IPv6 one with or without brackets, and perhaps a port.
   * Empty for names and obfuscated identifiers; nothing is ever looked up.
   */
  static Optional<InetSocketAddress> node(String text) {
    String host = text;
    String port = "";
    final int bracket = text.indexOf(']');
    if (text.startsWith("[") && bracket > 0) {
      host = text.substring(1, bracket);
      port = text.substring(bracket + 1);
    } else if (text.indexOf(':') >= 0 && text.indexOf(':') == text.lastIndexOf(':')) {
      host = text.substring(0, text.indexOf(':'));
      port = text.substring(text.indexOf(':'));
    }
    if (!isAddress(host)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new InetSocketAddress(InetAddress.getByName(host), port(port)));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  /** Whether only an address can look like this, so that reading it looks up no name. */
  private static boolean isAddress(String text) {
    int dots = 0;
    int colons = 0;
    for (int i = 0; i < text.length(); i++) {
      final char c = text.charAt(i);
      final boolean hex = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
      dots += c == '.' ? 1 : 0;
      colons += c == ':' ? 1 : 0;
      if (!hex && c != '.' && c != ':') {
        return false;
      }
    }
    return colons >= 2 || (dots == 3 && colons == 0 && isDotted(text));
  }

  private static boolean isDotted(String text) {
    for (int i = 0; i < text.length(); i++) {
      final char c = text.charAt(i);
      if (c != '.' && (c < '0' || c > '9')) {
        return false;
      }
    }
    return true;
  }

  /** A colon and digits; 0 for anything else, since a port may be obfuscated. */
  private static int port(String text) {
    if (text.length() < 2 || text.length() > 6 || text.charAt(0) != ':') {
      return 0;
    }
    int port = 0;
    for (int i = 1; i < text.length(); i++) {
      final char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return 0;
      }
      port = port * 10 + (c - '0');
    }
    return port <= 0xFFFF ? port : 0;
  }
}
