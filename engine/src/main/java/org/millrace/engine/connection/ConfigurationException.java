package org.millrace.engine.connection;

/** A setting that cannot be: the message has its name, its value and what would be right. */
public final class ConfigurationException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public ConfigurationException(String name, Object value, String expected) {
    super(name + "=" + value + ": " + expected);
  }

  /** Throws unless {@code valid}. */
  public static void require(boolean valid, String name, Object value, String expected) {
    if (!valid) {
      throw new ConfigurationException(name, value, expected);
    }
  }
}
