package org.millrace.jetty.config;

import java.time.Duration;

/** Durations and sizes as they are written in the configuration. */
final class Units {
  private static final long KIB = 1024;

  private Units() {}

  static String of(Duration duration) {
    final long nanos = duration.toNanos();
    final Object[][] units = {
      {Duration.ofDays(1).toNanos(), "d"},
      {Duration.ofHours(1).toNanos(), "h"},
      {Duration.ofMinutes(1).toNanos(), "m"},
      {Duration.ofSeconds(1).toNanos(), "s"},
      {Duration.ofMillis(1).toNanos(), "ms"}
    };
    for (final Object[] unit : units) {
      if (nanos != 0 && nanos % (long) unit[0] == 0) {
        return nanos / (long) unit[0] + " " + unit[1];
      }
    }
    return nanos == 0 ? "0 s" : nanos + " ns";
  }

  static String of(long bytes) {
    final String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    int unit = 0;
    long number = bytes;
    while (number != 0 && number % KIB == 0 && unit < units.length - 1) {
      number /= KIB;
      unit++;
    }
    return number + " " + units[unit];
  }
}
