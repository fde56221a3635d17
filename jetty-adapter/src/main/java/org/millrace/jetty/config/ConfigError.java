package org.millrace.jetty.config;

/**
 * One thing that is wrong with the configuration.
 *
 * @param location file and line, or where else the value comes from.
 * @param key in full; empty if the file itself cannot be read.
 * @param value as written; empty if there is none, masked if it is secret.
 * @param message what would be right.
 */
public record ConfigError(String location, String key, String value, String message) {
  @Override
  public String toString() {
    final StringBuilder line = new StringBuilder(location);
    if (!key.isEmpty()) {
      line.append(": ").append(key);
    }
    if (!value.isEmpty()) {
      line.append(" = ").append(value);
    }
    return line.append(": ").append(message).toString();
  }
}
