package org.millrace.engine.connection;

import java.time.Duration;

/** A setting that cannot be: the message has its name, its value and what would be right. */
public final class ConfigurationException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** Longest duration that fits the engine's clock with room to spare. */
  private static final Duration LONGEST = Duration.ofDays(365);

  public ConfigurationException(String name, Object value, String expected) {
    super(name + "=" + value + ": " + expected);
  }

  /** Throws unless {@code valid}. */
  public static void require(boolean valid, String name, Object value, String expected) {
    if (!valid) {
      throw new ConfigurationException(name, value, expected);
    }
  }

  /** Throws unless {@code value} is {@code least} or more. */
  public static void atLeast(String name, long value, long least) {
    require(value >= least, name, value, "must be " + least + " or more");
  }

  /** Throws unless {@code value} is there and from {@code least} to a year. */
  public static void atLeast(String name, Duration value, Duration least) {
    require(
        value != null && value.compareTo(least) >= 0 && value.compareTo(LONGEST) <= 0,
        name,
        value,
        "must be " + least + " to " + LONGEST);
  }

  /** Throws unless {@code value} is from {@code least} to {@code most}. */
  public static void inRange(String name, long value, long least, long most) {
    require(value >= least && value <= most, name, value, "must be " + least + " to " + most);
  }
}
