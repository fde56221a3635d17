package org.millrace.jetty.config;

import java.util.OptionalInt;

/**
 * A host as URIs have it, an IPv6 address in brackets, and perhaps a port. Written as {@code host},
 * {@code host:port}, {@code [v6]:port}, or {@code v6} alone.
 */
public record HostPort(String host, OptionalInt port) {
  /** Reads what has been found to be right. */
  public static HostPort parse(String text) {
    final int colon = text.lastIndexOf(':');
    final boolean port =
        colon > text.lastIndexOf(']') && (text.startsWith("[") || text.indexOf(':') == colon);
    final String host = port ? text.substring(0, colon) : text;
    return new HostPort(
        host.startsWith("[") ? host : inUri(host),
        port ? OptionalInt.of(Integer.parseInt(text.substring(colon + 1))) : OptionalInt.empty());
  }

  /** An address or a name as URIs have it: an IPv6 address gets its brackets. */
  public static String inUri(String bareHost) {
    return bareHost.indexOf(':') < 0 ? bareHost : "[" + bareHost + "]";
  }

  /** Without the brackets of an IPv6 address. */
  public String bareHost() {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }
}
