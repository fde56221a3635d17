package org.millrace.jetty.config;

import java.util.Set;

/** Hosts and ports as they are written in the configuration. */
final class Hosts {
  private static final int LARGEST_PORT = 65_535;
  private static final String NAME =
      "(?i)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\\.?";
  private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "::", "0:0:0:0:0:0:0:0");

  private Hosts() {}

  /** An address or a name, without the brackets of an IPv6 address. */
  static String host(String text) throws WrongValueException {
    final String plain = text.replaceFirst("^\\[(.*)]$", "$1");
    if (!isAddress(plain) && (plain.matches("[\\d.]*|.*:.*") || !plain.matches(NAME))) {
      throw new WrongValueException(
          "must be an address of this machine, such as 0.0.0.0, [::] or 192.0.2.1, or a name");
    }
    return plain;
  }

  /** An address, without the brackets of an IPv6 address. */
  static String address(String text) throws WrongValueException {
    final String plain = text.replaceFirst("^\\[(.*)]$", "$1");
    if (!isAddress(plain)) {
      throw new WrongValueException(
          "must be an address of this machine, such as 192.0.2.1 or [2001:db8::1]; not a name");
    }
    return plain;
  }

  /** A host with a port or without. */
  static String hostAndPort(String text) throws WrongValueException {
    final int colon = text.lastIndexOf(':');
    final boolean port =
        colon > text.lastIndexOf(']') && (text.startsWith("[") || text.indexOf(':') == colon);
    try {
      host(port ? text.substring(0, colon) : text);
    } catch (WrongValueException e) {
      throw new WrongValueException(text + " must be a host, or host:port");
    }
    if (port && !isPort(text.substring(colon + 1))) {
      throw new WrongValueException(text + ": the port must be 1 to " + LARGEST_PORT);
    }
    return text;
  }

  static Section.Kind<Integer> port() {
    return Kinds.integer(0, LARGEST_PORT);
  }

  static boolean isWildcard(String host) {
    return WILDCARDS.contains(host);
  }

  static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.equals("::1")
        || host.equals("0:0:0:0:0:0:0:1")
        || (isAddress(host) && host.startsWith("127."));
  }

  static boolean isPort(String digits) {
    return digits.matches("\\d{1,5}")
        && Integer.parseInt(digits) >= 1
        && Integer.parseInt(digits) <= LARGEST_PORT;
  }

  static boolean isAddress(String text) {
    try {
      Network.parse(text);
      return !text.contains("/");
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
