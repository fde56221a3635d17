package org.millrace.jetty.config;

import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Collects what is wrong. */
final class Problems {
  private final List<ConfigError> errors = new ArrayList<>();
  private final Set<List<String>> seen = new HashSet<>();

  /**
   * Adds one.
   *
   * @param value null if a key is missing.
   */
  void add(String key, ConfigValue value, String message) {
    add(value == null ? "" : Origins.location(value), key, shown(key, value), message);
  }

  /**
   * A bad default that several sections inherit is told once, under the key that was read first.
   */
  void add(String location, String key, String value, String message) {
    final String name = key.substring(key.lastIndexOf('.') + 1);
    if (seen.add(List.of(location, name, value, message))) {
      errors.add(new ConfigError(location, key, value, message));
    }
  }

  List<ConfigError> errors() {
    return errors;
  }

  void throwIfAny() throws ConfigErrors {
    if (!errors.isEmpty()) {
      throw new ConfigErrors(errors);
    }
  }

  private static String shown(String key, ConfigValue value) {
    if (value == null
        || value.valueType() == ConfigValueType.OBJECT
        || value.valueType() == ConfigValueType.LIST) {
      return "";
    }
    final String text = String.valueOf(value.unwrapped());
    if (text.isEmpty()) {
      return "\"\"";
    }
    return Secrets.isSecret(key) ? Secrets.MASK : text;
  }
}
