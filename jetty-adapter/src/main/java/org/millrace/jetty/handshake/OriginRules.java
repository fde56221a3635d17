package org.millrace.jetty.handshake;

import java.util.List;

/** Which origins a path lets in. */
final class OriginRules {
  private final List<Rule> rules;

  private record Rule(Origin origin, boolean leftLabels) {
    boolean matches(Origin other) {
      if (!origin.scheme().equals(other.scheme()) || origin.port() != other.port()) {
        return false;
      }
      // The host of a wildcard begins with its dot, so that only whole labels can match.
      return leftLabels
          ? other.host().length() > origin.host().length() && other.host().endsWith(origin.host())
          : other.host().equals(origin.host());
    }
  }

  /**
   * Reads the list of a path; empty for any origin.
   *
   * @throws IllegalArgumentException if one of them is no origin.
   */
  OriginRules(List<String> allowed) {
    rules = allowed.stream().map(OriginRules::rule).toList();
  }

  private static Rule rule(String text) {
    final int star = text.indexOf("://*.");
    final String plain = star < 0 ? text : text.substring(0, star + 3) + text.substring(star + 5);
    final Origin origin =
        Origin.parse(plain)
            .filter(parsed -> parsed.host().indexOf('*') < 0)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        text
                            + ": not an origin; write scheme://host, scheme://host:port,"
                            + " scheme://*.domain or null"));
    return star < 0
        ? new Rule(origin, false)
        : new Rule(new Origin(origin.scheme(), "." + origin.host(), origin.port()), true);
  }

  boolean allow(Origin origin) {
    if (rules.isEmpty()) {
      return true;
    }
    for (Rule rule : rules) {
      if (rule.matches(origin)) {
        return true;
      }
    }
    return false;
  }
}
