package org.millrace.jetty.config;

import java.time.Duration;
import java.util.Locale;
import org.millrace.engine.connection.ConfigurationException;

/** Bounds that many keys share, and what the engine has to say about them. */
final class Limits {
  /** Shortest time-out. */
  static final Duration TICK = Duration.ofMillis(1);

  /** Longest duration: the engine's clock has room for it. */
  static final Duration LONGEST = Duration.ofDays(365);

  private Limits() {}

  /** Turns {@code name=value: expected} into a problem of the key named after that setting. */
  static void report(Section section, ConfigurationException problem) {
    final String message = problem.getMessage();
    final String name = message.substring(0, message.indexOf('='));
    section.fail(
        name.replaceAll("\\..*", "").replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT),
        message.substring(message.indexOf(": ") + 2));
  }
}
