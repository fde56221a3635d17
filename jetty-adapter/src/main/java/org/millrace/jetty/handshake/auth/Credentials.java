package org.millrace.jetty.handshake.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millrace.jetty.handshake.RequestHead;

/** The Authorization field and how secrets are compared. */
final class Credentials {
  private Credentials() {}

  /**
   * What follows the name of this scheme in the one Authorization field; empty if there is none.
   */
  static Optional<String> of(RequestHead head, String scheme) {
    final List<String> values = head.values("authorization");
    if (values.size() != 1) {
      return Optional.empty();
    }
    final String value = values.get(0);
    final int length = scheme.length();
    return value.regionMatches(true, 0, scheme, 0, length)
            && value.length() > length
            && value.charAt(length) == ' '
        ? Optional.of(value.substring(length + 1).strip())
        : Optional.empty();
  }

  /** Takes as long whatever the difference is, and tells nothing of the lengths. */
  static boolean sameSecret(byte[] one, byte[] other) {
    return MessageDigest.isEqual(digest("SHA-256", one), digest("SHA-256", other));
  }

  static byte[] digest(String algorithm, byte[] bytes) {
    try {
      return MessageDigest.getInstance(algorithm).digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has it", e);
    }
  }

  /** Text that was read byte by byte, as what it was meant to be. */
  static String utf8(String received) {
    return new String(received.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  /**
   * Parameters of a challenge or of credentials (RFC 9110, section 11.2), names in lower case.
   * Empty if they are malformed or one occurs twice. One pass.
   */
  static Optional<Map<String, String>> parameters(String text) {
    final Map<String, String> parameters = new HashMap<>();
    int at = 0;
    while (at < text.length()) {
      final int equals = text.indexOf('=', at);
      if (equals < 0) {
        return Optional.empty();
      }
      final String name = text.substring(at, equals).strip();
      final StringBuilder value = new StringBuilder();
      at = value(text, equals + 1, value);
      if (at < 0
          || parameters.putIfAbsent(name.toLowerCase(java.util.Locale.ROOT), value.toString())
              != null) {
        return Optional.empty();
      }
    }
    return Optional.of(parameters);
  }

  /** Reads a value and the comma behind it; returns where to go on, or -1 if it is malformed. */
  private static int value(String text, int from, StringBuilder value) {
    int at = skipBlanks(text, from);
    if (at < text.length() && text.charAt(at) == '"') {
      at++;
      while (at < text.length() && text.charAt(at) != '"') {
        if (text.charAt(at) == '\\' && at + 1 < text.length()) {
          at++;
        }
        value.append(text.charAt(at));
        at++;
      }
      if (at >= text.length()) {
        return -1;
      }
      at++;
    } else {
      while (at < text.length() && text.charAt(at) != ',' && text.charAt(at) != ' ') {
        value.append(text.charAt(at));
        at++;
      }
    }
    at = skipBlanks(text, at);
    if (at < text.length() && text.charAt(at) != ',') {
      return -1;
    }
    return at == text.length() ? at : skipBlanks(text, at + 1);
  }

  private static int skipBlanks(String text, int from) {
    int at = from;
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
    return at;
  }
}
