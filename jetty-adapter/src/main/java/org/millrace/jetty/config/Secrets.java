package org.millrace.jetty.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigUtil;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which values are never shown. */
final class Secrets {
  static final String MASK = "********";

  private static final Set<String> KEYS = Set.of("password", "token", "hmac-secret", "branch-key");

  /** Objects whose values are secret, whatever their names. */
  private static final Set<String> OBJECTS = Set.of("users", "flow-keys");

  /** Header fields that carry credentials. */
  private static final Set<String> FIELDS = Set.of("authorization", "cookie");

  private Secrets() {}

  /** Whether the value under a full key is secret: by its name, or by that of its object. */
  static boolean isSecret(String key) {
    final List<String> names = split(key.replaceFirst("\\[\\d+]", ""));
    final int last = names.size() - 1;
    final String object = last > 0 ? names.get(last - 1) : "";
    return KEYS.contains(names.get(last))
        || OBJECTS.contains(object)
        || (object.equals("headers") && FIELDS.contains(names.get(last).toLowerCase(Locale.ROOT)));
  }

  private static List<String> split(String key) {
    try {
      return ConfigUtil.splitPath(key);
    } catch (ConfigException e) {
      return List.of(key);
    }
  }
}
